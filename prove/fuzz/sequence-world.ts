import { isDeepStrictEqual } from 'node:util'
import type { Client, Who } from '#test/support/http/client'

/** What a nuke removes: entities and agents, each by environment. */
export type Data = {
  hasType: boolean
  cells: Set<string>
  entities: Map<string, { env: string }>
  agents: Map<string, { env: string }>
}
export type Token = { id: string; text: string; isRevoked: boolean }
export type Wipe = { id: string; data: Data; isUndone: boolean }

/** The expected contents of one project, whichever dialect created it. */
export type Project = {
  id: string
  slug: string
  name: string
  isDeleted: boolean
  /** Id → name; the first is the default one. */
  environments: Map<string, string>
  tokens: Token[]
  members: Set<string>
  live: Data
  wipes: Wipe[]
}
export type Model = { projects: Project[] }

type Person = { id: string; token: string }
/** `owner` owns the organization, `people` are plain members of it, `stranger` belongs to another. */
export type Real = { send: Client; owner: Person; people: Person[]; stranger: Person; unique: () => string }

export const nothing = (): Data => ({ hasType: false, cells: new Set(), entities: new Map(), agents: new Map() })
export const isNothing = ({ hasType, cells, entities, agents }: Data) =>
  !hasType && cells.size + entities.size + agents.size === 0

export const countsOf = ({ hasType, cells, entities, agents }: Data): Record<string, number> => ({
  entity_types: hasType ? 1 : 0,
  cells: cells.size,
  entities: entities.size,
  agents: agents.size,
})

/** Includes nuked data that an undo could bring back. */
export const isUsed = ({ live, wipes }: Project, env: string, kinds: ('entities' | 'agents')[]) => {
  const uses = (data: Data) => kinds.some((kind) => [...data[kind].values()].some((one) => one.env === env))
  const isAside = wipes.some(
    ({ data, isUndone }) => !isUndone && [...data.entities.values(), ...data.agents.values()].some((one) => one.env === env),
  )
  return isAside || uses(live)
}

export function same(what: string, got: unknown, must: unknown): void {
  if (!isDeepStrictEqual(got, must)) throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(must)}`)
}

/** One request that must be answered with this status, or one of these. */
export async function ask<Body>(
  { send }: Real,
  who: Who,
  request: string,
  may: number | number[],
  json?: unknown,
): Promise<Body> {
  const answer = await send<Body>(who, request, json === undefined ? {} : { json })
  const statuses = [may].flat()
  if (!statuses.includes(answer.status))
    throw new Error(
      `${request} ${JSON.stringify(json) ?? ''} → ${answer.status} ${answer.text.slice(0, 300)}, not ${statuses.join(' or ')}`,
    )
  return answer.body
}

type Named = { id: string; name: string }
const sorted = (names: Iterable<string>) => [...names].toSorted()

/** Compares everything in a project with the expectation, through both dialects. */
export async function look(real: Real, project: Project): Promise<void> {
  const { id, slug, live } = project
  const owner = real.owner.token
  const [org, v1] = [`/orgs/acme/projects/${id}`, `/v1/projects/${id}`]
  const there = project.isDeleted ? 404 : 200
  const read = <Body>(path: string) => ask<Body>(real, owner, `GET ${path}`, there)
  const [one, other] = [await read<Named>(org), await read<Named & { agentsCount: number }>(v1)]
  for (const path of [org, v1]) await ask(real, real.stranger.token, `GET ${path}`, 404)
  const listed = await ask<Named[]>(real, owner, `GET /orgs/acme/projects?limit=200&q=${slug}`, 200)
  const inV1 = await ask<Named[]>(real, owner, 'GET /v1/projects?last=0', 200)
  for (const list of [listed, inV1])
    same(
      'listed',
      list.some((row) => row.id === id),
      !project.isDeleted,
    )
  if (project.isDeleted) return
  same('name', [one.name, other.name], [project.name, project.name])
  const environments = sorted(project.environments.values())
  same('environments', sorted((await read<Named[]>(`/acme/${slug}/environments`)).map(({ name }) => name)), environments)
  same('environments in v1', sorted((await read<Named[]>(`${v1}/environments`)).map(({ name }) => name)), environments)
  const tokens = sorted(project.tokens.filter(({ isRevoked }) => !isRevoked).map((token) => token.id))
  same('tokens', sorted((await read<Named[]>(`/acme/${slug}/tokens`)).map((token) => token.id)), tokens)
  same('tokens in v1', sorted((await read<Named[]>(`${v1}/tokens`)).map((token) => token.id)), tokens)
  const members = sorted([...project.members, real.owner.id])
  const joined = await read<{ userId: string; source: string }[]>(`${org}/members`)
  same('members', sorted(joined.filter(({ source }) => source === 'project').map(({ userId }) => userId)), members)
  same('members in v1', sorted((await read<{ userID: string }[]>(`${v1}/members`)).map(({ userID }) => userID)), members)
  same('cells', sorted((await read<Named[]>(`/acme/${slug}/cells`)).map(({ name }) => name)), sorted(live.cells))
  for (const [env, name] of project.environments) {
    const must = [...live.entities].filter(([, entity]) => entity.env === env).map(([key]) => key.split('/')[1]!)
    same(
      `entities of ${name}`,
      sorted((await read<Named[]>(`/acme/${slug}/envs/${name}/entities`)).map((row) => row.name)),
      sorted(must),
    )
  }
  same('agents', sorted((await read<Named[]>(`${v1}/agents`)).map((agent) => agent.id)), sorted(live.agents.keys()))
  same('agents counted', other.agentsCount, live.agents.size)
  const { rowCounts } = await read<{ rowCounts: Record<string, number> }>(`/acme/${slug}/nuke/preview`)
  same('counts', Object.fromEntries(Object.keys(countsOf(live)).map((table) => [table, rowCounts[table]])), countsOf(live))
}
