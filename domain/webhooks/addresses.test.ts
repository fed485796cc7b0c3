import { afterEach, describe, expect, test, vi } from 'vitest'
import { DomainError } from '../errors.ts'
import { allowedUrl, isPublicAddress } from './addresses.ts'

afterEach(() => vi.unstubAllEnvs())

describe('isPublicAddress', () => {
  test.for([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.254',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test.for([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:800::200e',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

/** The address as stored, or the sentence of its refusal. */
function outcomeOf(url: string): string {
  try {
    return allowedUrl(url)
  } catch (error) {
    if (error instanceof DomainError && error.code === 'webhook_address_not_allowed') return error.message
    throw error
  }
}
const refused = (why: string) => `The URL ${why}`

describe('allowedUrl', () => {
  test.for([
    ['https://siem.example.com/hook?key=1#part', 'https://siem.example.com/hook?key=1'],
    ['https://siem.example.com:8443/', 'https://siem.example.com:8443/'],
    ['https://siem.example.com:443/', 'https://siem.example.com/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ] as const)('accepts %s', ([url, normalized]) => {
    expect(outcomeOf(url)).toBe(normalized)
  })

  test.for([
    ['siem.example.com', 'must be a URL such as https://example.com/hook'],
    ['http://siem.example.com/', 'must begin with https://'],
    ['ftp://siem.example.com/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['https://user@siem.example.com/', 'must not contain a user name or password'],
    ['https://user:pass@siem.example.com/', 'must not contain a user name or password'],
    ['https://siem.example.com:22/', 'must have the port 443 or one above 1023'],
    ['https://siem.example.com:80/', 'must have the port 443 or one above 1023'],
    ['https://siem.example.com:0/', 'must have the port 443 or one above 1023'],
    ['https://localhost/', 'must not be localhost'],
    ['https://LOCALHOST./', 'must not be localhost'],
    ['https://a.localhost/', 'must not be localhost'],
    ['https://10.0.0.1/', 'must be a public address; 10.0.0.1 is not'],
    ['https://2130706433/', 'must be a public address; 127.0.0.1 is not'],
    ['https://0x7f.1/', 'must be a public address; 127.0.0.1 is not'],
    ['https://0177.0.0.1/', 'must be a public address; 127.0.0.1 is not'],
    ['https://127.1/', 'must be a public address; 127.0.0.1 is not'],
    ['https://0/', 'must be a public address; 0.0.0.0 is not'],
    ['https://１２７.0.0.1/', 'must be a public address; 127.0.0.1 is not'],
    ['https://169.254.169.254/latest/meta-data/', 'must be a public address; 169.254.169.254 is not'],
    ['https://[::1]/', 'must be a public address; ::1 is not'],
    ['https://[::ffff:10.0.0.1]/', 'must be a public address; ::ffff:a00:1 is not'],
    ['https://[fd00::1]/', 'must be a public address; fd00::1 is not'],
  ] as const)('refuses %s', ([url, why]) => {
    expect(outcomeOf(url)).toBe(refused(why))
  })

  test('accepts a host that the setting names, with its port if it names one, also over http', () => {
    vi.stubEnv('BULKHEAD_WEBHOOK_ALLOWED_HOSTS', 'collector.internal, 127.0.0.1:9099,[::1]')
    expect(outcomeOf('http://collector.internal/in')).toBe('http://collector.internal/in')
    expect(outcomeOf('http://Collector.Internal.:8088/in')).toBe('http://collector.internal.:8088/in')
    expect(outcomeOf('http://127.0.0.1:9099/')).toBe('http://127.0.0.1:9099/')
    expect(outcomeOf('https://[::1]:22/')).toBe('https://[::1]:22/')
    expect(outcomeOf('https://127.0.0.1:9098/')).toBe(refused('must be a public address; 127.0.0.1 is not'))
    expect(outcomeOf('http://other.internal/')).toBe(refused('must begin with https://'))
    expect(outcomeOf('ftp://collector.internal/')).toBe(refused('must begin with https://'))
    expect(outcomeOf('https://me@collector.internal/')).toBe(refused('must not contain a user name or password'))
  })
})
