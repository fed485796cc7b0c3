import { expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#config/config'
import { sessionSettings } from '#db/session-settings'
import { section, textOf } from './markdown.ts'

const page = section(textOf('docs/operations.md'), 'Behind a connection pooler')

test('docs/operations.md gives the role every setting that the start reads back, and no other', () => {
  const documented = [...page.matchAll(/^ALTER ROLE bulkhead IN DATABASE bulkhead SET (\w+) = '(.+)';$/gm)]
  expect(Object.fromEntries(documented.map(([, name, value]) => [name, value]))).toEqual(sessionSettings)
})

test('docs/operations.md names the sessions that the start wants at once', () => {
  const [, held] = /^const HELD = (\d+)$/m.exec(readFileSync(join(projectRoot, 'server/postgres/pooler.ts'), 'utf8'))!
  expect(page).toContain(`A \`default_pool_size\` of at least ${Number(held) + 1}.`)
})
