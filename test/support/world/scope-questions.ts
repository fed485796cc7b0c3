import fc from 'fast-check'
import { listCellMembers } from '#domain/data/cell-members'
import type { ProjectContext } from '#domain/context'
import { getEntity, listEntities } from '#domain/data/entities'
import { DomainError } from '#domain/errors'
import { getRelationship, listRelationships } from '#domain/data/relationships'
import { getStats } from '#domain/projects/stats'
import { type Entity, type Link, type Scope, type ScopeModel, admits, entityKey, environments, linkKey } from './scope-model.ts'
import { cellNames, entity, entityNames } from './scope-moves.ts'
import { exportProject } from '#domain/transfer/export'

/** What to ask besides everything a caller can list: one of the many filters, one entity, a page size. */
export const question = fc.record({
  about: entity,
  cell: fc.constantFrom(...cellNames),
  filter: fc.record(
    {
      cell: fc.constantFrom(...cellNames, 'unknown'),
      entityType: fc.constantFrom('site', 'node'),
      q: fc.constantFrom(...entityNames),
    },
    { requiredKeys: [] },
  ),
  limit: fc.constantFrom(3, 200, 200, 200),
})
export type Question = typeof question extends fc.Arbitrary<infer T> ? T : never

const whole = { limit: 200, cursor: undefined }
const everyLink = { relationshipType: undefined, state: undefined, entity: undefined, from: undefined, to: undefined }

/** The answer, or the refusal's code. */
export async function outcome<T>(call: Promise<T>): Promise<T | string> {
  return call.catch((error: unknown) => {
    if (error instanceof DomainError) return error.code
    throw error
  })
}

/** Page by page to the end. */
async function all<T>(list: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const found: T[] = []
  let cursor: string | undefined
  do {
    const page = await list(cursor)
    found.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return found
}

type Named = { envName: string; entityType: string; name: string }
const keyOf = ({ envName, entityType, name }: Named) => entityKey({ env: envName, type: entityType, name })
type Ended = { envName: string; relationshipType: string; from: Omit<Named, 'envName'>; to: Omit<Named, 'envName'> }
const keyOfLink = ({ envName, relationshipType, from, to }: Ended) =>
  linkKey({ type: relationshipType, from: keyOf({ ...from, envName }), to: keyOf({ ...to, envName }) })
const shown = (one: Named & { cells: string[]; metrics: Record<string, number> }) =>
  `${keyOf(one)} in ${one.cells.join()} feeds ${one.metrics['feeds'] ?? 0}`

type Ids = ReadonlyMap<string, string>

/** Matches the format of `linkKey`. */
const isLinkOf = (about: Entity, key: string) => key.includes(' ') && key.split(' ').includes(entityKey(about))

/** What the product answers. */
export async function asked(context: ProjectContext, { about, cell, filter, limit }: Question, ids: Ids) {
  const lists = environments.map(async (env) => ({
    entities: await outcome(all((cursor) => listEntities(context, env, { limit, cursor })).then(sortedBy(shown))),
    filtered: await outcome(all((cursor) => listEntities(context, env, { ...filter, limit, cursor })).then(sortedBy(keyOf))),
    relationships: await outcome(
      listRelationships(context, env, { ...everyLink, ...whole }).then(({ items }) => sortedBy(keyOfLink)(items)),
    ),
    members: await outcome(listCellMembers(context, cell, { env, ...whole }).then(({ items }) => sortedBy(keyOf)(items))),
  }))
  const id = ids.get(entityKey(about))
  const related = id && { ...everyLink, ...whole, entity: id }
  const { tables, environments: counted, cells, entities } = await getStats(context)
  return {
    lists: await Promise.all(lists),
    byName: await outcome(getEntity(context, about.env, about.name, {}).then(shown)),
    byTypeAndName: await outcome(getEntity(context, about.env, about.name, { entityType: about.type }).then(shown)),
    byId: id && (await outcome(getEntity(context, about.env, id, {}).then(shown))),
    related:
      related && (await outcome(listRelationships(context, about.env, related).then(({ items }) => sortedBy(keyOfLink)(items)))),
    relationships: await Promise.all(
      [...ids].flatMap(([key, linkId]) => {
        const env = key.split('/', 1)[0]!
        return isLinkOf(about, key) ? [outcome(getRelationship(context, env, linkId).then(keyOfLink))] : []
      }),
    ),
    stats: {
      entities,
      tables: tables['entities'],
      environments: counted,
      cells: cells.map((one) => `${one.name} ${one.entities}`),
    },
    whole: 'relationships' in tables && [tables['relationships'], tables['cell_members'], tables['effective_cell_members']],
    exported: await exported(context, ids),
  }
}

const sortedBy =
  <T>(key: (one: T) => string) =>
  (items: T[]) =>
    items.map(key).toSorted()

async function exported(context: ProjectContext, ids: Ids): Promise<string[]> {
  const keys = new Map([...ids].map(([key, id]) => [id, key]))
  const lines: string[] = []
  for await (const line of await exportProject(context)) {
    if (line.kind === 'Entity') lines.push(keyOf(line))
    else if (line.kind === 'CellMember') lines.push(`${line.cell} ${keys.get(line.entityId)}`)
    else if (line.kind === 'Relationship')
      lines.push(linkKey({ type: line.relationshipType, from: keys.get(line.from)!, to: keys.get(line.to)! }))
  }
  return lines.toSorted()
}

/** What the rules say the answer is. */
export function expected(model: ScopeModel, who: Scope, { about, cell, filter }: Question, ids: Ids) {
  const show = (one: Entity) => {
    const feeds = model.visibleLinks(who).filter(({ type, from, to }) => type === 'feeds' && [from, to].includes(entityKey(one)))
    const cells = model.cellsOf(one).filter((name) => model.reaches(who, name))
    return `${entityKey(one)} in ${cells.join()} feeds ${one.type === 'site' ? feeds.length : 0}`
  }
  const matches = (one: Entity) =>
    (filter.cell === undefined || model.cellsOf(one).includes(filter.cell)) &&
    (filter.entityType === undefined || one.type === filter.entityType) &&
    (filter.q === undefined || one.name.includes(filter.q))
  const inEnvironment = <T>(env: string, answer: T) => (admits(who, env) ? answer : 'environment_not_found')
  const lists = environments.map((env) => ({
    entities: inEnvironment(env, sortedBy(show)(model.visible(who, env))),
    filtered: inEnvironment(env, sortedBy(entityKey)(model.visible(who, env).filter(matches))),
    relationships: inEnvironment(env, sortedBy<Link>(linkKey)(model.visibleLinks(who, env))),
    members: !model.cells.has(cell)
      ? 'cell_not_found'
      : inEnvironment(env, sortedBy(entityKey)(model.visible(who, env).filter((one) => model.cellsOf(one).includes(cell)))),
  }))
  const named = model.visible(who, about.env).filter((one) => one.name === about.name)
  const typed = named.filter((one) => one.type === about.type)
  const theOne = ([first, second]: Entity[]) => (second ? 'ambiguous_name' : first ? show(first) : 'entity_not_found')
  const id = ids.get(entityKey(about))
  const touching = model.visibleLinks(who, about.env).filter(({ from, to }) => [from, to].includes(entityKey(about)))
  const seen = model.visible(who)
  const held = [...model.members].filter((member) => {
    const [name, key] = member.split(' ') as [string, string]
    return model.reaches(who, name) && model.sees(who, model.entities.get(key)!)
  })
  const isWhole = who.env === null && who.cells === null
  const inCell = (name: string) => (model.reaches(who, name) ? seen.filter((one) => model.cellsOf(one).includes(name)).length : 0)
  const effective = [...model.entities.values()].reduce((sum, one) => sum + model.cellsOf(one).length, 0)
  return {
    lists,
    byName: inEnvironment(about.env, theOne(named)),
    byTypeAndName: inEnvironment(about.env, theOne(typed)),
    byId: id && inEnvironment(about.env, theOne(typed)),
    related: id && inEnvironment(about.env, sortedBy<Link>(linkKey)(touching)),
    relationships: [...ids.keys()].flatMap((key) => {
      const link = isLinkOf(about, key) ? model.links.get(key) : undefined
      if (!link) return []
      return [inEnvironment(link.env, model.seesLink(who, link) ? key : 'relationship_not_found')]
    }),
    stats: {
      entities: seen.length,
      tables: seen.length,
      environments: environments
        .filter((env) => admits(who, env))
        .map((name) => ({ name, entities: model.visible(who, name).length })),
      cells: [...model.cells.keys()].toSorted().map((name) => `${name} ${inCell(name)}`),
    },
    whole: isWhole && [model.links.size, model.members.size, effective],
    exported: [...seen.map(entityKey), ...held, ...model.visibleLinks(who).map(linkKey)].toSorted(),
  }
}
