import { describe, expect, test } from 'vitest'
import { isRefusal, replyOf } from './refusal.ts'

describe('a mail', () => {
  test.for([
    ['its recipient is unknown', { code: 'EENVELOPE', responseCode: 550 }],
    ['its recipient’s mailbox is full', { code: 'EENVELOPE', responseCode: 552 }],
    ['its content is refused', { code: 'EMESSAGE', responseCode: 554 }],
  ] as const)('is refused permanently when %s', ([, error]) => expect(isRefusal(error)).toBe(true))

  test.for([
    ['its recipient is greylisted', { code: 'EENVELOPE', responseCode: 450 }],
    ['the server is busy', { code: 'EMESSAGE', responseCode: 421 }],
    ['the credentials are wrong', { code: 'EAUTH', responseCode: 535 }],
    ['credentials are missing', { code: 'EENVELOPE', responseCode: 530 }],
    ['the server does not talk to this address', { code: 'EPROTOCOL', responseCode: 554 }],
    ['the server is down', { code: 'ECONNECTION' }],
    ['something else is wrong', new Error('x')],
  ] as const)('is sent again when %s', ([, error]) => expect(isRefusal(error)).toBe(false))

  test.for([
    [{ response: '550 5.1.1\r\n no\tsuch\u0000 user ', code: 'EENVELOPE' }, '550 5.1.1 no such user'],
    [{ response: `550 ${'x'.repeat(5000)}` }, `550 ${'x'.repeat(196)}`],
    [{ code: 'ECONNREFUSED', message: 'connect 10.0.0.1' }, 'ECONNREFUSED'],
    [new Error('odd'), 'odd'],
  ] as const)('fails with what the server said, in one short line: %j', ([error, reply]) => expect(replyOf(error)).toBe(reply))
})
