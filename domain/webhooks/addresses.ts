import { BlockList, isIP } from 'node:net'
import { DomainError } from '../errors.ts'
import { webhookAllowedHosts } from '#config/settings'

/**
 * Everything but the public internet (IANA's registries of special purposes): this network, private networks, loopback,
 * link-local with the metadata services, …
 */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, prefix, 'ipv6')

/**
 * The only part of IPv6 that is assigned to hosts: loopback, unique-local, link-local, multicast, mapped, NAT64 and the rest lie
 * outside.
 */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

/** Whether an address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !special.check(address, 'ipv4')
  if (version !== 6 || address.includes('%')) return false
  return global6.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

/** Whether `BULKHEAD_WEBHOOK_ALLOWED_HOSTS` names the host; its address is then not checked. */
export function isAllowedHost({ protocol, hostname, port }: URL): boolean {
  const own = port || (protocol === 'https:' ? '443' : '80')
  const name = hostname.replace(/\.$/, '')
  return webhookAllowedHosts().some((allowed) => allowed === name || allowed === `${name}:${own}`)
}

const refuse = (message: string) =>
  new DomainError('webhook_address_not_allowed', `The URL ${message}`, [{ path: 'url', message }])

/** The URL as stored. Throws for what is known to be wrong without DNS, which is checked at every delivery. */
export function allowedUrl(text: string): string {
  if (!URL.canParse(text)) throw refuse('must be a URL such as https://example.com/hook')
  const url = new URL(text)
  url.hash = ''
  if (url.username || url.password) throw refuse('must not contain a user name or password')
  if (isAllowedHost(url)) {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('must begin with https://')
    return url.href
  }
  if (url.protocol !== 'https:') throw refuse('must begin with https://')
  if (url.port !== '' && Number(url.port) < 1024) throw refuse('must have the port 443 or one above 1023')
  const host = bare(url.hostname)
  if (host === 'localhost' || host.endsWith('.localhost')) throw refuse('must not be localhost')
  if (isIP(host) && !isPublicAddress(host)) throw refuse(`must be a public address; ${host} is not`)
  return url.href
}
