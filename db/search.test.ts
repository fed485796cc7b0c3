import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { containing } from './queries/json.ts'
import { createTestDatabase } from '#test/support/database/database'

const { url, drop } = await createTestDatabase()
const client = new Client({ connectionString: url })
await client.connect()
afterAll(async () => {
  await client.end()
  await drop()
})

/** Letters whose upper and lower case differ in length or number, composed and not, wide, and those that patterns escape. */
const letters = [...Array.from('aAbBzZ019 _%\\-.@İiIıßẞſsΣσςÉéÑñДдǅǆﬁ漢字한글😀🏳️'), 'e\u0301']

/** The same texts on every run. */
function random(seed: number) {
  let state = seed
  return (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below
}

test('a search finds the same through its index as one by one, in any letters', async () => {
  const next = random(7)
  const text = (length: number) => Array.from({ length }, () => letters[next(letters.length)]).join('')
  const names = Array.from({ length: 400 }, () => text(1 + next(12)))
  await client.query(
    `insert into users (id, email, name) select gen_random_uuid(), n || '@x.test', name from unnest($1::text[]) with ordinality t (name, n)`,
    [names],
  )
  const find = async (needle: string, setting: string) => {
    await client.query(`begin; set local ${setting} = off`)
    const { rows } = await client.query<{ name: string }>(`select name from users where name ilike $1 order by email`, [
      containing(needle),
    ])
    await client.query('commit')
    return rows.map(({ name }) => name)
  }
  let found = 0
  for (let i = 0; i < 400; i++) {
    const whole = names[next(names.length)]!
    const from = next(whole.length)
    const part = whole.slice(from, from + 1 + next(6)).replaceAll(/^\p{Cs}|\p{Cs}$/gu, '')
    const needle = next(2) ? part.toUpperCase() : part.toLowerCase()
    const one = await find(needle, 'enable_bitmapscan')
    expect(await find(needle, 'enable_seqscan'), JSON.stringify(needle)).toEqual(one)
    found += one.length
  }
  expect(found).toBeGreaterThan(400)
})

test('an index finds parts of names and addresses', async () => {
  await client.query('set enable_seqscan = off')
  for (const column of ['name', 'email']) {
    const { rows } = await client.query<Record<string, string>>(`explain select from users where ${column} ilike '%abc%'`)
    expect(JSON.stringify(rows)).toContain('users_search')
  }
  const { rows } = await client.query<Record<string, string>>(
    `explain select from projects where org_id = gen_random_uuid() and (name ilike '%abc%' or slug ilike '%abc%')`,
  )
  expect(JSON.stringify(rows)).toMatch(/projects_(search|live)/)
})
