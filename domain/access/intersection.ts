import type { Grant } from '../context.ts'
import { isAtLeast } from './permissions.ts'

/** Null means all environments; undefined when the two differ. */
function commonEnvironment(a: string | null, b: string | null): string | null | undefined {
  if (a === null || b === null || a === b) return a ?? b
  return undefined
}

/** Null means all cells. */
const commonCells = (a: string[] | null, b: string[] | null) =>
  a === null ? b : b === null ? a : a.filter((cell) => b.includes(cell))

/** An empty list means all verbs; undefined when none is common, which no list can express. */
function commonVerbs(a: Grant['verbs'], b: Grant['verbs']): Grant['verbs'] | undefined {
  if (a.length === 0 || b.length === 0) return [...a, ...b]
  const both = a.filter((verb) => b.includes(verb))
  return both.length > 0 ? both : undefined
}

const earlier = (a: string | null, b: string | null) => (a === null ? b : b === null ? a : Date.parse(a) < Date.parse(b) ? a : b)

/** What both of two grants on one project allow, never more than either; undefined when that is nothing. */
export function intersectionOf(a: Grant, b: Grant): Grant | undefined {
  const { role, source } = isAtLeast(a.role, b.role) ? b : a
  const envId = commonEnvironment(a.envId, b.envId)
  const verbs = commonVerbs(a.verbs, b.verbs)
  if (envId === undefined || verbs === undefined) return undefined
  const cellScopes = commonCells(a.cellScopes, b.cellScopes)
  return { role, source, envId, cellScopes, verbs, expiresAt: earlier(a.expiresAt, b.expiresAt) }
}
