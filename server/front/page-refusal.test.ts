import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { limits } from './limits.ts'
import { pageRefusal } from './page-refusal.ts'

const { pageUrlBytes, pageParameters, pageCookies, nextHeaderBytes, pageBody } = limits
const codeOf = (url: string, headers: IncomingMessage['headers'] = {}) =>
  pageRefusal({ url, headers } as IncomingMessage, limits)?.code

const pathOf = (bytes: number) => `/console/${'x'.repeat(bytes - 9)}`
const many = (count: number, separator: string) => Array.from({ length: count }, (_, i) => `a${i}=b`).join(separator)

test('refuses a URL that is too long, whatever makes it long', () => {
  expect(codeOf(pathOf(pageUrlBytes))).toBeUndefined()
  expect(codeOf(pathOf(pageUrlBytes + 1))).toBe('url_too_long')
  expect(codeOf(`/login?next=${'%2F'.repeat(pageUrlBytes / 3)}`)).toBe('url_too_long')
})

test('refuses too many parameters, also when they have one name or none', () => {
  expect(codeOf(`/login?${many(pageParameters, '&')}`)).toBeUndefined()
  expect(codeOf(`/login?${many(pageParameters + 1, '&')}`)).toBe('url_too_long')
  expect(codeOf(`/api/auth/csrf?${'a&'.repeat(pageParameters)}a`)).toBe('url_too_long')
  expect(codeOf(`/login?x?${'a&'.repeat(pageParameters)}a`)).toBe('url_too_long')
  expect(codeOf(`/_next/image?${'&'.repeat(pageParameters)}`)).toBe('url_too_long')
})

test('refuses too many cookies', () => {
  expect(codeOf('/', { cookie: many(pageCookies, '; ') })).toBeUndefined()
  expect(codeOf('/', { cookie: many(pageCookies + 1, ';') })).toBe('headers_too_large')
})

test('refuses a long header for Next alone, and leaves others to the limit of all headers', () => {
  expect(codeOf('/', { 'next-router-state-tree': 'x'.repeat(nextHeaderBytes) })).toBeUndefined()
  expect(codeOf('/', { 'next-router-state-tree': 'x'.repeat(nextHeaderBytes + 1) })).toBe('headers_too_large')
  expect(codeOf('/', { 'next-url': 'x'.repeat(nextHeaderBytes + 1) })).toBe('headers_too_large')
  expect(codeOf('/', { authorization: 'x'.repeat(nextHeaderBytes + 1) })).toBeUndefined()
})

test('refuses a body of unknown length or above its limit', () => {
  expect(codeOf('/', { 'content-length': String(pageBody) })).toBeUndefined()
  expect(codeOf('/', { 'content-length': String(pageBody + 1) })).toBe('body_too_large')
  expect(codeOf('/', { 'transfer-encoding': 'chunked' })).toBe('length_required')
})
