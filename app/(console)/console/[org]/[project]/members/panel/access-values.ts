import { roleName } from '#components/access/role'
import { utcTime } from '#components/ui/time'
import type { Member } from '#contract/members/members'

/** What the panel changes. */
export type AccessValues = Pick<Member, 'role' | 'envName' | 'cellScopes' | 'expiresAt'>
export type AccessField = keyof AccessValues

export const labels = {
  role: 'Role',
  envName: 'Environment',
  cellScopes: 'Cells',
  expiresAt: 'Expires',
} as const satisfies Record<AccessField, string>

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `labels` are exactly the fields
export const fields = Object.keys(labels) as AccessField[]

export const valuesOf = ({ role, envName, cellScopes, expiresAt }: AccessValues): AccessValues => ({
  role,
  envName,
  cellScopes,
  expiresAt,
})

/** One value in a form that tells it from others: cells in any order, a time in any notation. */
function identity(field: AccessField, values: AccessValues): string {
  const value = values[field]
  if (Array.isArray(value)) return JSON.stringify([...new Set(value)].toSorted())
  if (field === 'expiresAt' && value !== null) return String(Date.parse(value))
  return JSON.stringify(value)
}

/** The fields in which two accesses differ. */
export const differences = (before: AccessValues, after: AccessValues): AccessField[] =>
  fields.filter((field) => identity(field, before) !== identity(field, after))

/** The fields of a change, as the API takes them. */
export const changeOf = (before: AccessValues, after: AccessValues): Partial<AccessValues> =>
  Object.fromEntries(differences(before, after).map((field) => [field, after[field]]))

/** Takes `from` for these fields, and keeps the others. */
export const withFields = (values: AccessValues, from: AccessValues, taken: readonly AccessField[]): AccessValues => ({
  ...values,
  ...Object.fromEntries(taken.map((field) => [field, from[field]])),
})

/**
 * Where two people changed one access: `both` are the fields that both changed, to different values. `mine` is what was chosen here,
 * on top of what the other person changed.
 */
export function collision(before: AccessValues, mine: AccessValues, theirs: AccessValues) {
  const changed = differences(before, mine)
  return {
    mine: withFields(theirs, mine, changed),
    both: differences(mine, theirs).filter((field) => changed.includes(field) && differences(before, theirs).includes(field)),
  }
}

/** More names than this are counted instead. */
const NAMED = 4

function cellsInWords(cells: readonly string[] | null): string {
  if (cells === null) return 'All cells'
  if (cells.length === 0) return 'No cells'
  const more = cells.length - NAMED
  return more > 1 ? `${cells.slice(0, NAMED).join(', ')} and ${more} more` : cells.join(', ')
}

export const inWords = {
  role: ({ role }) => roleName(role),
  envName: ({ envName }) => envName ?? 'All environments',
  cellScopes: ({ cellScopes }) => cellsInWords(cellScopes),
  expiresAt: ({ expiresAt }) => (expiresAt === null ? 'Never' : utcTime(expiresAt)),
} as const satisfies Record<AccessField, (values: AccessValues) => string>
