import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { projectRoot } from '#config/project-root'
import { statusOf } from '#contract/errors'
import { textOf } from './markdown.ts'

const pages = ['README.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: projectRoot })]

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
  expect(named.length).toBeGreaterThan(30)
  expect(named).toEqual(named.map((one) => ({ ...one, status: (statusOf as Record<string, number>)[one.code] })))
})
