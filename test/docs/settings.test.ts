import { describe, expect, test } from 'vitest'
import { readConfig } from '#config/config'
import { defaultInvitationsPerHour, defaultQuotas } from '#config/defaults'
import { knownSettings } from '#config/environment'
import { codeIn, tablesIn, textOf } from './markdown.ts'

const page = textOf('docs/settings.md')
const rows = tablesIn(page).flatMap((table) => table.rows)
const documented = rows.map(([name]) => codeIn(name!)!)
const defaultOf = (name: string) => codeIn(rows.find(([cell]) => cell === `\`${name}\``)![1]!)

describe('docs/settings.md', () => {
  test('documents every setting once, and no other', () => {
    expect(documented.toSorted()).toEqual(knownSettings.toSorted())
  })

  test('states the defaults of the code', () => {
    const { port, host, dataDir, nukeRetentionHours, databasePool, logLevel, rateLimit, slowStatement } = readConfig({
      BULKHEAD_SECRET: 'x'.repeat(32),
    })
    const defaults = {
      PORT: port,
      HOST: host,
      BULKHEAD_NUKE_RETENTION_HOURS: nukeRetentionHours,
      BULKHEAD_DATABASE_POOL: databasePool,
      BULKHEAD_LOG_LEVEL: logLevel,
      BULKHEAD_SLOW_STATEMENT_MS: slowStatement,
      BULKHEAD_RATE_LIMIT: rateLimit,
      BULKHEAD_QUOTA_PROJECTS: defaultQuotas.projects,
      BULKHEAD_QUOTA_MEMBERS: defaultQuotas.members,
      BULKHEAD_QUOTA_TOKENS: defaultQuotas.tokens,
      BULKHEAD_QUOTA_ROWS: defaultQuotas.rows,
      BULKHEAD_INVITATIONS_PER_HOUR: defaultInvitationsPerHour,
    }
    for (const [name, value] of Object.entries(defaults)) expect(defaultOf(name), name).toBe(String(value))
    expect(dataDir.endsWith(`/${defaultOf('BULKHEAD_DATA_DIR')}`)).toBe(true)
  })

  test('covers every setting that another page names', () => {
    const pages = [
      'README.md',
      'SECURITY.md',
      'docs/operations.md',
      'docs/scaling.md',
      'docs/limits.md',
      'docs/cli.md',
      'docs/webhooks.md',
    ]
    const named = pages.flatMap((path) => textOf(path).match(/BULKHEAD_[A-Z][A-Z_]*[A-Z]/g) ?? [])
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !knownSettings.includes(name))).toEqual([])
  })
})
