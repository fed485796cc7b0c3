import { isDeepStrictEqual } from 'node:util'
import type { Cell } from '#contract/catalog/cells'
import type { Trx } from '#db/client'
import { type Limited, listLimitedTo } from '#db/queries/access/cell-scopes'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { organizationRefusal, refusal, verbRefusal } from '../access/permissions.ts'

/** How many are named. */
const MOST = 20

/** The fields that decide which entities a cell contains. */
export type Shape = Pick<Cell, 'parentCells'> & { membership?: Cell['membership'] | undefined }
type Cells = ReadonlyMap<string, Shape>

/** The changed cells: those whose rule or parents change, and those deleted. New ones affect no scope yet. */
export type CellChange = { names: Iterable<string>; before: Cells; after: Cells }

/** Without `values`, a cell matches its own name. */
const ruleOf = (name: string, { membership }: Shape) =>
  membership && [membership.derivedFrom.property, ...[...new Set(membership.derivedFrom.values ?? [name])].toSorted()]

/** These cells and all cells above them. */
function withAbove(names: Iterable<string>, cells: Cells): Set<string> {
  const seen = new Set<string>()
  const pending = [...names]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const parent of cells.get(name)?.parentCells ?? []) pending.push(parent)
  }
  return seen
}

/** The changed cells, and the cells whose scopes would change: the changed ones and all cells above them, before or after. */
export function reachedByChange({ names, before, after }: CellChange): { changed: string[]; reached: Set<string> } {
  const changed: string[] = []
  const [left, joined]: [string[], string[]] = [[], []]
  for (const name of names) {
    const was = before.get(name)
    const is = after.get(name)
    if (!was) continue
    const ofRule = !is || !isDeepStrictEqual(ruleOf(name, was), ruleOf(name, is))
    const parted = was.parentCells.filter((parent) => ofRule || !is.parentCells.includes(parent))
    const taken = is ? is.parentCells.filter((parent) => ofRule || !was.parentCells.includes(parent)) : []
    if (!ofRule && parted.length + taken.length === 0) continue
    changed.push(name)
    left.push(...parted)
    joined.push(...taken)
  }
  return { changed, reached: new Set([...changed, ...withAbove(left, before), ...withAbove(joined, after)]) }
}

const kinds = { member: 'the member', token: 'the token', invitation: 'the invitation to' } as const satisfies Record<
  Limited['kind'],
  string
>

/** The kinds that the caller may list. */
function visibleKinds({ actor, org, grant }: ProjectContext): Limited['kind'][] {
  const mayRead = !verbRefusal(grant, 'read')
  return [
    ...(mayRead && !refusal(grant, 'project:read') ? (['member'] as const) : []),
    ...(mayRead && !refusal(grant, 'tokens:manage') ? (['token'] as const) : []),
    ...(organizationRefusal(actor, org.role, 'invitations:manage') ? [] : (['invitation'] as const)),
  ]
}

/**
 * Refuses a change that alters what members, tokens or open invitations limited to cells can see, and names those that the caller
 * may list.
 * Runs under the project's lock, which granting such a scope also takes. Nuke and undo do not check: scopes outlive data.
 */
export async function assertNobodyLimited(trx: Trx, context: ProjectContext, change: CellChange, force: boolean): Promise<void> {
  if (force) return
  const { changed, reached } = reachedByChange(change)
  if (changed.length === 0) return
  const visible = visibleKinds(context)
  const found = await listLimitedTo(trx, context.org.id, context.project.id, [...reached], MOST)
  if (found.length === 0) return
  const seen = found.filter(({ kind }) => visible.includes(kind))
  const named = seen.slice(0, MOST)
  const more = [...new Map(seen.map(({ kind, n }) => [kind, n])).values()].reduce((sum, n) => sum + n, 0) - named.length
  const names = named.map(({ kind, name }) => `${kinds[kind]} ${name}`)
  const hidden = found.length > seen.length
  const all = [...names, ...(more > 0 ? [`${more} more`] : []), ...(hidden ? ['others that you can’t list'] : [])]
  const what =
    changed.length === 1
      ? `Access of members, tokens or invitations is limited to the cell ${changed[0]}`
      : 'Access of members, tokens or invitations is limited to cells that change'
  throw new DomainError(
    'cell_in_scope',
    `${what}, so they would see something else. Send force=true to do it anyway. Limited to cells: ${inWords(all)}`,
    all.map((name) => ({ path: 'force', message: name })),
  )
}

const inWords = (parts: string[]) => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`)
