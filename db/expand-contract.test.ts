import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'

/** The first migration that the rule holds for; earlier ones were written before there was a release. */
const FROM = '20261201000000'

/** Migrations that remove something, each with the release that stopped using it. */
const contractions: Record<string, string> = {}

const folder = join(import.meta.dirname, 'migrations')
const migrations = readdirSync(folder).filter((file) => file.endsWith('.ts') && file >= FROM)

/** What a server of the release before cannot live with. */
const breaking: [what: string, pattern: RegExp][] = [
  [
    'drops a table, column, type or constraint',
    /\.drop(Table|Column|Type|Constraint|Schema|View)\(|\bdrop\s+(table|column|type|constraint|schema|view)/i,
  ],
  ['renames', /\.rename(To|Column|Constraint)\(|\brename\s+(to|column|constraint|value)\b/i],
  ['changes the type of a column', /\.setDataType\(|\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b/i],
  ['forbids null', /\.setNotNull\(|\bset\s+not\s+null\b/i],
  ['takes a default away', /\.dropDefault\(|\bdrop\s+default\b/i],
  ['adds a constraint to a table that exists', /\badd\s+constraint\b|\badd\s+(check|unique|foreign|primary)\b/i],
  ['forbids duplicates', /\bcreate\s+unique\s+index\b|createIndex\((?:(?!\.execute\(\))[\s\S])*\.unique\(\)/i],
  ['empties a table', /\btruncate\b/i],
]

/** The text of a migration without its `down` and its comments. */
function upOf(text: string): string {
  const { program, comments } = parseSync('migration.ts', text)
  const down = program.body.filter(
    (node) =>
      node.type === 'ExportNamedDeclaration' &&
      node.declaration?.type === 'FunctionDeclaration' &&
      node.declaration.id?.name === 'down',
  )
  const letters = Array.from({ length: text.length }, (_, i) => text[i]!)
  for (const { start, end } of [...down, ...comments]) letters.fill(' ', start, end)
  return letters.join('')
}

/** The calls that change a table, up to their `.execute()`. */
const alterations = (text: string): string[] => [...text.matchAll(/\.alterTable\([\s\S]*?\.execute\(/g)].map(([call]) => call)

function breaksIn(text: string): string[] {
  const up = upOf(text)
  const found = breaking.filter(([, pattern]) => pattern.test(up)).map(([what]) => what)
  const altered = alterations(up)
  if (altered.some((call) => /\.add(Check|Unique|ForeignKey|PrimaryKey)Constraint\(/.test(call)))
    found.push('adds a constraint to a table that exists')
  if (
    altered.some((call) => call.split('.addColumn(').some((column) => /notNull\(\)/.test(column) && !/defaultTo\(/.test(column)))
  )
    found.push('adds a column that must be given')
  return [...new Set(found)]
}

const migrating = (statement: string) =>
  `export async function up(db) {\n  ${statement}\n}\nexport async function down(db) {\n  await db.schema.dropTable('x').execute()\n}\n`

describe('a migration adds and removes nothing', () => {
  test.for(migrations)('%s', (file) => {
    const found = breaksIn(readFileSync(join(folder, file), 'utf8'))
    expect(file in contractions ? [] : found).toEqual([])
  })

  test('what is excepted still exists, and has a reason', () => {
    expect(Object.keys(contractions).filter((file) => !migrations.includes(file))).toEqual([])
    expect(Object.values(contractions).filter((reason) => reason.length < 10)).toEqual([])
  })
})

test.for([
  [`await db.schema.dropTable('x').execute()`, 'drops a table, column, type or constraint'],
  [`await db.schema.alterTable('x').dropColumn('y').execute()`, 'drops a table, column, type or constraint'],
  ['await sql`alter table x drop column y`.execute(db)', 'drops a table, column, type or constraint'],
  [`await db.schema.alterTable('x').renameColumn('y', 'z').execute()`, 'renames'],
  ['await sql`alter table x rename to y`.execute(db)', 'renames'],
  [`await db.schema.alterTable('x').alterColumn('y', (c) => c.setDataType('integer')).execute()`, 'changes the type of a column'],
  ['await sql`alter table x alter column y type integer`.execute(db)', 'changes the type of a column'],
  [`await db.schema.alterTable('x').alterColumn('y', (c) => c.setNotNull()).execute()`, 'forbids null'],
  [`await db.schema.alterTable('x').alterColumn('y', (c) => c.dropDefault()).execute()`, 'takes a default away'],
  ['await sql`alter table x add constraint y check (z > 0)`.execute(db)', 'adds a constraint to a table that exists'],
  [`await db.schema.alterTable('x').addUniqueConstraint('y', ['z']).execute()`, 'adds a constraint to a table that exists'],
  [`await db.schema.createIndex('x').on('y').column('z').unique().execute()`, 'forbids duplicates'],
  [`await db.schema.alterTable('x').addColumn('y', 'text', (c) => c.notNull()).execute()`, 'adds a column that must be given'],
  ['await sql`truncate x`.execute(db)', 'empties a table'],
])('notices: %s', ([statement, what]) => expect(breaksIn(migrating(statement!))).toContain(what))

test.for([
  `await db.schema.createTable('x').addColumn('id', 'uuid', (c) => c.primaryKey()).addColumn('y', 'text', (c) => c.notNull().unique()).execute()`,
  `await db.schema.alterTable('x').addColumn('y', 'text').execute()`,
  `await db.schema.alterTable('x').addColumn('y', 'text', (c) => c.notNull().defaultTo('')).execute()`,
  `await db.schema.createIndex('x').on('y').column('z').execute()`,
  `await sql\`alter type kind add value if not exists 'more'\`.execute(db)`,
  `await db.schema.dropIndex('x').execute()`,
  `// drop table x, later`,
])('allows: %s', (statement) => expect(breaksIn(migrating(statement))).toEqual([]))
