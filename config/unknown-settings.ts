import { StartError } from './start-error.ts'

const prefix = 'BULKHEAD_'

/** Variables that Kubernetes sets for a Service called `bulkhead`, or `bulkhead-…`. */
const fromKubernetes = [
  /^BULKHEAD_(\w+_)?SERVICE_(HOST|PORT(_\w+)?)$/,
  /^BULKHEAD_PORT(_\w+)?$/,
  /^BULKHEAD_\w+_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/,
]
const isServicePort = (name: string, value: string | undefined) =>
  name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value ?? '')

/** The edit distance: letters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1]
    for (const [j, target] of Array.from(other).entries())
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === target ? 0 : 1)))
    row = next
  }
  return row.at(-1)!
}

/** The nearest known name, when a misspelling is likely. */
function suggestion(name: string, known: readonly string[]): string {
  const bare = name.slice(prefix.length)
  if (known.includes(bare)) return `did you mean ${bare}?`
  const [nearest] = known
    .map((setting) => ({ setting, typos: distance(name.slice(0, 100), setting) }))
    .toSorted((a, b) => a.typos - b.typos)
  return nearest && nearest.typos <= Math.min(5, bare.length / 2) ? `did you mean ${nearest.setting}?` : 'remove it.'
}

/** Refuses unknown settings with our prefix: an unread setting would seem to apply. */
export function refuseUnknownSettings(given: Record<string, string | undefined>, known: readonly string[]): void {
  for (const [name, value] of Object.entries(given)) {
    if (!name.startsWith(prefix) || known.includes(name)) continue
    if (fromKubernetes.some((pattern) => pattern.test(name)) || isServicePort(name, value)) continue
    throw new StartError(`There is no setting ${name}: ${suggestion(name, known)}`)
  }
}
