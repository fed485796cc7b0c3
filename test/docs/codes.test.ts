import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { projectRoot } from '#config/project-root'
import { statusOf } from '#server/http/errors'
import { textOf } from './markdown.ts'

const pages = ['README.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: projectRoot })]

/** Codes thrown before any handler or by its streams: `HttpError` and `server/front/front.ts` state their status beside them. */
const elsewhere = new Set([
  'body_too_large',
  'request_timeout',
  'unsupported_media_type',
  'url_too_long',
  'headers_too_large',
  'timed_out',
])

test('the docs give each error code its status, and list no other code', () => {
  const named = pages.flatMap((page) =>
    [
      ...textOf(page)
        .replaceAll(/\s+/g, ' ')
        .matchAll(/\b([45]\d\d) `([a-z]+(?:_[a-z]+)+)`/g),
    ].map(([, status, code]) => ({
      page,
      code: code!,
      status: Number(status),
    })),
  )
  const ours = named.filter(({ code }) => !elsewhere.has(code))
  expect(ours.length).toBeGreaterThan(30)
  expect(ours).toEqual(ours.map((one) => ({ ...one, status: (statusOf as Record<string, number>)[one.code] })))
})
