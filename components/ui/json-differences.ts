/** One differing field: its path and its JSON before and after; undefined where it does not exist. */
export type Difference = { path: string; before: string | undefined; after: string | undefined }
type Found = { differences: Difference[]; unchanged: number }

const isBranch = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const text = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value))

/** A list of distinct names or numbers is compared as a set: additions and removals, not moves. */
const isSet = (value: unknown): value is unknown[] =>
  Array.isArray(value) && !value.some(isBranch) && new Set(value).size === value.length

const sameKind = (one: unknown, other: unknown) =>
  isBranch(one) === isBranch(other) && Array.isArray(one) === Array.isArray(other)

/** The differences between two values, field by field: { a: { b: 1 } } → "a.b". */
export function differencesBetween(before: unknown, after: unknown): Found {
  const found: Found = { differences: [], unchanged: 0 }
  compare(before ?? undefined, after ?? undefined, '', found)
  return found
}

function compare(before: unknown, after: unknown, path: string, found: Found): void {
  if (before === undefined && after === undefined) return
  if (isSet(before) && isSet(after) && before.length + after.length > 0) return compareSets(before, after, path, found)
  if (before !== undefined && after !== undefined && !sameKind(before, after)) {
    compare(before, undefined, path, found)
    return compare(undefined, after, path, found)
  }
  const keys = new Set([before, after].flatMap((value) => (isBranch(value) ? Object.keys(value) : [])))
  if (keys.size === 0) return note({ path, before: text(before), after: text(after) }, found)
  const of = (value: unknown, key: string) => (isBranch(value) && Object.hasOwn(value, key) ? value[key] : undefined)
  const isList = Array.isArray(before ?? after)
  for (const key of keys) {
    const inner = isList ? `${path}[${key}]` : path ? `${path}.${key}` : key
    compare(of(before, key), of(after, key), inner, found)
  }
}

function compareSets(before: unknown[], after: unknown[], path: string, found: Found): void {
  const gone = before.filter((one) => !after.includes(one))
  const come = after.filter((one) => !before.includes(one))
  if (gone.length + come.length === 0) return note({ path, before: text(before), after: text(after) }, found)
  found.unchanged += before.length - gone.length
  for (const one of gone) note({ path: `${path}[]`, before: text(one), after: undefined }, found)
  for (const one of come) note({ path: `${path}[]`, before: undefined, after: text(one) }, found)
}

function note(difference: Difference, found: Found): void {
  if (difference.before === difference.after) found.unchanged++
  else found.differences.push(difference)
}
