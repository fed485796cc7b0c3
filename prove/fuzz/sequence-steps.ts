import fc from 'fast-check'
import {
  type Model,
  type Project,
  type Real,
  type Token,
  ask,
  countsOf,
  isNothing,
  isUsed,
  look,
  nothing,
  same,
} from './sequence-world.ts'

/** Which project, which thing in it, and which dialect. */
type Drawn = { which: number; thing: number; isV1: boolean }
type Step = fc.AsyncCommand<Model, Real>
type Doing = Drawn & {
  project: Project
  real: Real
  /** Calls as the organization's owner. Expects this status, or the refusal for something deleted, which does nothing. */
  by: <Body = { id: string }>(request: string, status: number, json?: unknown) => Promise<Body | undefined>
}

const drawn = fc.record({ which: fc.nat(5), thing: fc.nat(5), isV1: fc.boolean() })
const nth = <T>(of: Iterable<T>, n: number): T | undefined => [...of][n % Math.max(1, [...of].length)]

const titled = (name: string, { which, thing, isV1 }: Drawn) => `${name}${isV1 ? ' in v1' : ''} ${which}.${thing}`

const step = (name: string, run: (doing: Doing) => Promise<void>): fc.Arbitrary<Step> =>
  drawn.map((draw) => ({
    check: ({ projects }) => projects.length > 0,
    async run({ projects }, real) {
      const project = nth(projects, draw.which)!
      const by: Doing['by'] = async <Body>(request: string, status: number, json?: unknown) => {
        const body = await ask<Body>(real, real.owner.token, request, project.isDeleted ? [403, 404] : status, json)
        return project.isDeleted || status >= 400 ? undefined : body
      }
      await run({ ...draw, project, real, by })
    },
    toString: () => titled(name, draw),
  }))

const create: fc.Arbitrary<Step> = drawn.map((draw) => ({
  check: ({ projects }) => projects.length < 4,
  async run({ projects }, real) {
    const name = real.unique()
    const owner = real.owner.token
    const request = draw.isV1 ? 'POST /v1/projects' : 'POST /orgs/acme/projects'
    const { id, token } = await ask<{ id: string; token: string }>(
      real,
      owner,
      request,
      201,
      draw.isV1 ? { name } : { name, slug: name },
    )
    const { slug } = await ask<{ slug: string }>(real, owner, `GET /orgs/acme/projects/${id}`, 200)
    const [first] = await ask<{ id: string; name: string }[]>(real, owner, `GET /v1/projects/${id}/environments`, 200)
    const [made] = await ask<{ id: string }[]>(real, owner, `GET /acme/${slug}/tokens`, 200)
    projects.push({
      id,
      slug,
      name,
      isDeleted: false,
      environments: new Map([[first!.id, first!.name]]),
      tokens: made ? [{ id: made.id, text: token, isRevoked: false }] : [],
      members: new Set(),
      live: nothing(),
      wipes: [],
    })
  },
  toString: () => titled('create', draw),
}))

const shell = [
  step('rename', async ({ project, real, by, isV1 }) => {
    const name = real.unique()
    if (isV1) await by(`PATCH /v1/projects/${project.id}`, 204, { name })
    else await by(`PUT /orgs/acme/projects/${project.slug}`, 200, { name })
    if (!project.isDeleted) project.name = name
  }),
  step('delete', async ({ project, by, isV1 }) => {
    if (await by(`DELETE ${isV1 ? '/v1' : '/orgs/acme'}/projects/${project.id}`, 200)) project.isDeleted = true
  }),
  step('restore', async ({ project, real }) => {
    if (!project.isDeleted) return
    await ask(real, real.owner.token, `POST /orgs/acme/projects/${project.id}/restore`, 200)
    project.isDeleted = false
  }),
  step('add an environment', async ({ project, by, isV1, thing }) => {
    const name = `env-${thing}`
    const isTaken = [...project.environments.values()].includes(name)
    const request = isV1 ? `POST /v1/projects/${project.id}/environments` : `POST /acme/${project.slug}/environments`
    const made = await by(request, isTaken ? 409 : 201, { name })
    if (made) project.environments.set(made.id, name)
  }),
  step('rename an environment', async ({ project, by, thing, which }) => {
    const [id] = nth([...project.environments].slice(1), which) ?? []
    if (id === undefined) return
    const name = `env-${thing}`
    const isTaken = [...project.environments].some(([other, was]) => was === name && other !== id)
    if (await by(`PATCH /v1/environments/${id}`, isTaken ? 409 : 200, { name })) project.environments.set(id, name)
  }),
  step('delete an environment', async ({ project, by, isV1, thing }) => {
    const [id, name] = nth(project.environments, thing)!
    const isDefault = id === [...project.environments.keys()][0]
    // v1 removes the agents as well.
    const isRefused = isDefault || isUsed(project, id, isV1 ? ['entities'] : ['entities', 'agents'])
    const request = isV1 ? `DELETE /v1/environments/${id}` : `DELETE /acme/${project.slug}/environments/${name}`
    if (!(await by(request, isRefused ? 409 : 200))) return
    project.environments.delete(id)
    for (const [agent, { env }] of project.live.agents) if (env === id) project.live.agents.delete(agent)
  }),
  step('add a member', async ({ project, real, by, thing }) => {
    const { id: userId } = nth(real.people, thing)!
    const status = project.members.has(userId) ? 409 : 201
    if (await by(`POST /orgs/acme/projects/${project.slug}/members`, status, { userId, role: 'viewer' }))
      project.members.add(userId)
  }),
  step('remove a member', async ({ project, real, by, isV1, thing }) => {
    const { id } = nth(real.people, thing)!
    const listed = await by<{ id: string; userID: string }[]>(`GET /v1/projects/${project.id}/members`, 200)
    const member = listed?.find(({ userID }) => userID === id)
    same('is a member', listed && member !== undefined, listed && project.members.has(id))
    if (isV1 && !member) return
    const request = isV1 ? `DELETE /v1/members/${member!.id}` : `DELETE /orgs/acme/projects/${project.id}/members/${id}`
    if (await by(request, member ? 200 : 404)) project.members.delete(id)
  }),
  step('go in as a member', async ({ project, real, thing }) => {
    const { id, token } = nth(real.people, thing)!
    const status = project.members.has(id) && !project.isDeleted ? 200 : 404
    await ask(real, token, `GET /acme/${project.slug}/stats`, status)
    await ask(real, token, `GET /v1/projects/${project.id}`, status)
    const write = { name: 'x', states: ['active'], initialState: 'active' }
    await ask(real, token, `POST /acme/${project.slug}/entity-types`, status === 200 ? 403 : 404, write)
  }),
]

const tokens = [
  step('make a token', async ({ project, real, by, isV1 }) => {
    const name = real.unique()
    const request = isV1 ? `POST /v1/projects/${project.id}/tokens` : `POST /acme/${project.slug}/tokens`
    const made = await by<{ id: string; token: string }>(request, 201, isV1 ? { name } : { name, role: 'admin' })
    if (made) project.tokens.push({ id: made.id, text: made.token, isRevoked: false })
  }),
  step('use a token', async ({ project, real, thing }) => {
    const token = nth(project.tokens, thing)
    if (!token) return
    const status = token.isRevoked || project.isDeleted ? 401 : 200
    for (const who of [token.text, { 'x-project-token': token.text }]) {
      await ask(real, who, `GET /acme/${project.slug}/stats`, status)
      await ask(real, who, `GET /v1/projects/${project.id}`, status)
    }
  }),
  step('revoke a token', async ({ project, by, isV1, thing }) => {
    const token = nth(project.tokens, thing)
    if (!token) return
    const request = isV1 ? `DELETE /v1/project_tokens/${token.id}` : `DELETE /acme/${project.slug}/tokens/${token.id}`
    await by(request, token.isRevoked ? 404 : isV1 ? 204 : 200)
    if (!project.isDeleted) token.isRevoked = true
  }),
]

const usable = ({ tokens: all }: Project): Token | undefined => all.find(({ isRevoked }) => !isRevoked)

const data = [
  step('add a type', async ({ project, by }) => {
    const json = { name: 'server', states: ['active'], initialState: 'active' }
    if (await by(`POST /acme/${project.slug}/entity-types`, project.live.hasType ? 409 : 201, json)) project.live.hasType = true
  }),
  step('add a cell', async ({ project: { slug, live }, by, thing }) => {
    const name = `cell-${thing}`
    const status = live.cells.has(name) ? 409 : live.hasType ? 201 : 400
    if (await by(`POST /acme/${slug}/cells`, status, { name, entityType: 'server' })) live.cells.add(name)
  }),
  step('delete a cell', async ({ project: { slug, live }, by, thing }) => {
    const name = `cell-${thing}`
    if (await by(`DELETE /acme/${slug}/cells/${name}?force=true`, live.cells.has(name) ? 200 : 404)) live.cells.delete(name)
  }),
  step('add an entity', async ({ project: { slug, live, environments }, by, thing, which }) => {
    const [env, envName] = nth(environments, which)!
    const name = `e-${thing}`
    const status = live.entities.has(`${env}/${name}`) ? 409 : live.hasType ? 201 : 404
    const made = await by(`POST /acme/${slug}/envs/${envName}/entities`, status, { entityType: 'server', name })
    if (made) live.entities.set(`${env}/${name}`, { env })
  }),
  step('delete an entity', async ({ project: { slug, live, environments }, by, thing, which }) => {
    const [env, envName] = nth(environments, which)!
    const key = `${env}/e-${thing}`
    const status = live.entities.has(key) ? 200 : 404
    if (await by(`DELETE /acme/${slug}/envs/${envName}/entities/e-${thing}`, status)) live.entities.delete(key)
  }),
  step('register an agent', async ({ project, real, which }) => {
    const token = usable(project)
    if (!token) return
    const [env] = nth(project.environments, which)!
    const name = real.unique()
    const json = { name, machineID: name, type: 'fluentbit', version: 'v3.0.0', edition: 'community', environmentID: env }
    const who = { 'x-project-token': token.text }
    const made = await ask<{ id: string }>(real, who, 'POST /v1/agents', project.isDeleted ? 401 : 201, json)
    if (!project.isDeleted) project.live.agents.set(made.id, { env })
  }),
  step('delete an agent', async ({ project, by, thing }) => {
    const all = [...project.live.agents.keys(), ...project.wipes.flatMap(({ data: aside }) => [...aside.agents.keys()])]
    const id = nth(all, thing)
    if (id === undefined) return
    await by(`DELETE /v1/agents/${id}`, project.live.agents.has(id) ? 204 : 404)
    if (!project.isDeleted) project.live.agents.delete(id)
  }),
  step('nuke', async ({ project, by }) => {
    type Receipt = { wipeId?: string; rowCountsDeleted: Record<string, number> }
    const receipt = await by<Receipt>(`DELETE /acme/${project.slug}/nuke`, 200)
    if (!receipt) return
    const counts = Object.entries(receipt.rowCountsDeleted).filter(([, n]) => n !== 0)
    same(
      'wiped',
      Object.fromEntries(counts),
      Object.fromEntries(Object.entries(countsOf(project.live)).filter(([, n]) => n !== 0)),
    )
    same('is a wipe', receipt.wipeId !== undefined, !isNothing(project.live))
    if (receipt.wipeId !== undefined) project.wipes.push({ id: receipt.wipeId, data: project.live, isUndone: false })
    project.live = nothing()
  }),
  step('undo', async ({ project, by, thing }) => {
    const wipe = nth(project.wipes, thing)
    if (!wipe) return
    type Undone = { replaced: { id: string } | null }
    const request = `POST /orgs/acme/projects/${project.slug}/wipes/${wipe.id}/restore`
    const undone = await by<Undone>(request, wipe.isUndone ? 409 : 200)
    if (!undone) return
    same('something was replaced', undone.replaced !== null, !isNothing(project.live))
    wipe.isUndone = true
    if (undone.replaced) project.wipes.push({ id: undone.replaced.id, data: project.live, isUndone: false })
    project.live = wipe.data
  }),
]

/** Every step that a sequence may take. Creating and reading are drawn more often. */
export const steps: fc.Arbitrary<Step>[] = [
  create,
  create,
  ...shell,
  ...tokens,
  ...data,
  ...data,
  step('look', ({ project, real }) => look(real, project)),
]
