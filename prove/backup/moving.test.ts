import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { stageDemo } from '#demo/demo'
import { sealAudit } from '#domain/audit/sealing'
import { openDatabase } from '#server/postgres/open-database'
import { backUpTo, connected, dumped, flaws, restoreFrom } from '#test/support/database/backups'
import { createTestDatabase } from '#test/support/database/database'
import { isInstalled, startOtherPostgres } from '#test/support/database/other-postgres'
import { report, scaleOf } from '#test/support/outcome'

const OTHER = 15
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-moving-'))
afterAll(() => rmSync(folder, { recursive: true }))

const reason = (await isInstalled(OTHER))
  ? scaleOf('backup', 0) === 0 && 'it runs in npm run prove'
  : `Debian’s postgresql-${OTHER} is not installed`

// PostgreSQL 18 to 15, and back.
test.skipIf(reason)(`moves to another PostgreSQL and back, byte for byte${reason ? ` (skipped: ${reason})` : ''}`, async () => {
  const source = await createTestDatabase()
  onTestFinished(() => source.drop())
  await openDatabase(source.db)
  await stageDemo(source.db, 'correct horse battery', () => {})
  await sealAudit(source.db)
  const before = await dumped(source.db)
  const there = join(folder, 'there.backup')
  const back = join(folder, 'back.backup')
  await backUpTo(source.db, there)

  const other = await startOtherPostgres(OTHER)
  onTestFinished(() => other.stop())
  await connected(other.url, (db) => restoreFrom(db, there))
  const inBetween = await connected(other.url, async (db) => {
    await openDatabase(db)
    await backUpTo(db, back)
    return { rows: await dumped(db), flaws: await flaws(db) }
  })

  const target = await createTestDatabase({ bare: true, max: 1 })
  onTestFinished(() => target.drop())
  await restoreFrom(target.db, back)
  const after = { rows: await dumped(target.db), flaws: await flaws(target.db) }
  const differing = Object.keys(before).filter((table) =>
    [inBetween, after].some(({ rows }) => JSON.stringify(rows[table]) !== JSON.stringify(before[table])),
  )
  const failures = [...differing, ...inBetween.flaws, ...after.flaws]
  const what = `tables moved from PostgreSQL 18 to ${OTHER} and back, the same byte for byte`
  expect(report({ what, tried: Object.keys(before).length * 2, failures })).toEqual([])
})
