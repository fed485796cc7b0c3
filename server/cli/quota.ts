import { z } from 'zod'
import { LARGEST_QUOTA, type OrganizationUsage, Quota } from '#contract/limits/usage'
import { cli } from '#domain/accounts/users'
import { setQuotas, usageOf } from '#domain/limits/quotas'
import { command } from './command.ts'
import { getOrganization } from './find.ts'
import { orgOption } from './options.ts'

const sentence = `must be a whole number up to ${LARGEST_QUOTA}, or default`

/** Undefined when not given, null for the server's default. */
const Size = z
  .union(
    [z.literal('default').transform(() => null), z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(LARGEST_QUOTA))],
    sentence,
  )
  .optional()

const size = (things: string) => ({ value: 'N', about: `The most ${things} it can have.`, shape: Size })

const inWords = (quota: number | null) => (quota === null ? 'no quota' : quota.toLocaleString('en-US'))

/** Columns of name, used, limit and percentage, with the numbers right-aligned. */
function usageTable(usage: OrganizationUsage): string[] {
  const lines = Quota.options.map((kind) => {
    const { used, quota } = usage[kind]
    return [kind, used.toLocaleString('en-US'), inWords(quota), quota === null ? '' : `${Math.floor((used / quota) * 100)} %`]
  })
  const all = [['', 'used', 'quota', ''], ...lines]
  const width = (column: number) => Math.max(...all.map((line) => line[column]!.length))
  return all.map((line) =>
    line
      .map((text, column) => (column === 0 ? text.padEnd(width(0)) : text.padStart(width(column))))
      .join('  ')
      .trimEnd(),
  )
}

export const quota = command({
  name: 'quota',
  summary: 'Show what an organization uses, and set its quotas',
  notes: `0 removes a quota; default restores the server’s setting (BULKHEAD_QUOTA_PROJECTS and so on). A quota below the current use removes
nothing; it blocks additions until there is room. Prints the table to stdout.`,
  options: {
    org: orgOption,
    projects: size('projects'),
    members: size('people'),
    tokens: size('tokens'),
    rows: size('rows in its projects'),
  },
  prepare:
    ({ org, ...sizes }) =>
    async (db, { print, say }) => {
      const organization = await getOrganization(db, org)
      const given = Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined))
      if (Object.keys(given).length > 0) {
        await setQuotas(db, cli, organization, given)
        say(`Set the quotas of ${organization.slug}.`)
      }
      for (const line of usageTable(await usageOf(db, organization))) print(line)
    },
})
