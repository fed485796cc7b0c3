// Writes the types and the table of operations of the TypeScript client (sdk/src) from the OpenAPI document of the Org API.
// With --verify it writes nothing, and ends with 1 when they are out of date.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@hey-api/openapi-ts'
import { openApiDocument } from '../../contract/openapi.ts'

const target = join(import.meta.dirname, '..', '..', 'sdk', 'src')
const notice = '// Made by `npm run sdk:generate` from the OpenAPI document. Do not edit.\n'

/** `projects.list` → `ProjectsList`, as the types are called. @param {string} id */
const typeOf = (id) => id.replaceAll(/(^|\.)(\w)/g, (_, __, letter) => letter.toUpperCase())

async function types() {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-sdk-'))
  try {
    const output = { path: folder, entryFile: false }
    await createClient({ input: openApiDocument, output, plugins: ['@hey-api/typescript'], logs: { level: 'silent' } })
    return notice + readFileSync(join(folder, 'types.gen.ts'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function operations() {
  const all = Object.entries(openApiDocument.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), ...described })),
    )
    // A browser alone follows a redirect.
    .filter(({ responses }) => Object.keys(responses).some((status) => status < '300'))
  const has = (described, name) => described.parameters.some((one) => one.name === name)
  const contentOf = ({ responses }) => Object.keys(Object.values(responses)[0]?.content ?? {})
  const rows = all.map((one) => {
    const traits = [
      ...(has(one, 'cursor') ? ['pages'] : []),
      ...(has(one, 'Idempotency-Key') ? ['once'] : []),
      ...(contentOf(one).includes('application/x-ndjson') && !contentOf(one).includes('application/json') ? ['lines'] : []),
    ]
    return { id: one.operationId, row: [one.method, one.path, ...traits] }
  })
  const names = rows.flatMap(({ id }) => [`${typeOf(id)}Data`, `${typeOf(id)}Response`])
  return [
    notice,
    `import type { ${names.join(', ')} } from './types.gen.ts'\n`,
    '/** What each operation takes and answers. */',
    'export interface Operations {',
    ...rows.map(({ id }) => `  '${id}': { data: ${typeOf(id)}Data; answer: ${typeOf(id)}Response }`),
    '}\n',
    '/** Method, path, and: `pages` lists page by page, `once` honors `Idempotency-Key`, `lines` answers line by line. */',
    'export const operations = {',
    ...rows.map(({ id, row }) => `  '${id}': ${JSON.stringify(row)},`),
    '} as const satisfies Record<keyof Operations, readonly string[]>\n',
  ].join('\n')
}

const made = { 'types.gen.ts': await types(), 'operations.gen.ts': operations() }
if (process.argv.includes('--verify')) {
  const old = Object.entries(made).filter(([name, text]) => readFileSync(join(target, name), 'utf8') !== text)
  for (const [name] of old) console.log(`sdk/src/${name} is out of date: npm run sdk:generate`)
  process.exitCode = old.length > 0 ? 1 : 0
} else for (const [name, text] of Object.entries(made)) writeFileSync(join(target, name), text)
