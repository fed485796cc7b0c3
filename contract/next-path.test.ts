import { expect, test } from 'vitest'
import { nextPath } from './next-path.ts'

const here = ['/', '/console/acme?tab=cells#top', '/console/%2F%2Fevil.example', '/a//b', '/console/../login']
test.each(here)('accepts the path %s', (path) => {
  expect(nextPath(path)).toBe(new URL(path, 'http://console').href.slice('http://console'.length))
})

const away = [
  undefined,
  42,
  '',
  'console',
  'https://evil.example',
  'javascript:alert(1)',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/console/..//evil.example',
  '/a/../\\evil.example',
]
test.each(away)('%j is no path of the console and leads to its start page', (path) => {
  expect(nextPath(path)).toBe('/console')
})
