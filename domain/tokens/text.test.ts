import { describe, expect, test } from 'vitest'
import { hashToken, newToken, tokenKind } from './text.ts'

describe('newToken', () => {
  test.for(['project', 'personal'] as const)('a %s token names its kind, and reveals nothing else beyond its prefix', (kind) => {
    const { token, hash, prefix } = newToken(kind)
    expect(token).toMatch(kind === 'project' ? /^bhp_[0-9A-Za-z]{42}$/ : /^bhu_[0-9A-Za-z]{42}$/)
    expect(tokenKind(token)).toBe(kind)
    expect(hash).toEqual(hashToken(token))
    expect(hash.length).toBe(32)
    expect(token.startsWith(prefix)).toBe(true)
    expect(prefix.length).toBe(10)
  })

  test('never returns the same token twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newToken('project').token)).size).toBe(1000)
  })
})

describe('tokenKind', () => {
  const { token } = newToken('project')

  test('accepts a token with a known checksum', () => {
    expect(tokenKind('bhp_0123456789abcdefghijklmnopqrstuvwxyz2G8Sr0')).toBe('project')
    expect(tokenKind('bhu_0123456789abcdefghijklmnopqrstuvwxyz2G8Sr0')).toBeUndefined()
  })

  test('refuses every token with one changed character', () => {
    const mistyped = token
      .split('')
      .map((character, i) => token.slice(0, i) + (character === 'x' ? 'y' : 'x') + token.slice(i + 1))
    expect(mistyped.filter((text) => tokenKind(text) !== undefined)).toEqual([])
  })

  test('refuses two swapped neighbors', () => {
    const swapped = token
      .split('')
      .map((_, i) => token.slice(0, i) + (token[i + 1] ?? '') + token[i]! + token.slice(i + 2))
      .filter((text) => text !== token)
    expect(swapped.filter((text) => tokenKind(text) !== undefined)).toEqual([])
  })

  test.for([
    '',
    'bhp_',
    token.slice(1),
    `${token} `,
    ` ${token}`,
    `${token}0`,
    token.slice(0, -1),
    token.toUpperCase(),
    `${token}\n`,
    token.replace('bhp_', 'bhx_'),
  ])('refuses %j', (text) => {
    expect(tokenKind(text)).toBeUndefined()
  })
})
