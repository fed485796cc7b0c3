import { newId } from '#domain/ids'
import type { Stage } from '#test/support/world/cast'
import type { Client } from '#test/support/http/client'
import type { Place, Target } from './places.ts'

export type Params = Record<string, string>
/** A target, and the parameters in which it differs from the valid call. */
export type Aim = Target & { params: Params }

const UNKNOWN = '019aa000-0000-7000-8000-000000000000'
export const own: Aim = { name: 'own', place: 'own', params: {} }

/** A malformed value for each parameter: ids and names are malformed in different ways. */
const malformed = (param: string) => (param.endsWith('Id') && !/^(org|project)Id$/.test(param) ? 'nope' : 'No%20Such%20')
const isOrganization = (param: string) => param === 'o' || param === 'orgId'
const isProject = (route: string, param: string) =>
  param === 'p' || (param === 'projectId' && !route.endsWith('{projectId}/restore') && !route.includes('/deleted-projects/'))

export type Wrongs = {
  /** A deleted project, by id and by slug, and the project of another organization. */
  projects: Params
  /** Things that belong to others, by parameter name. */
  foreign: Params
  /** Things that were deleted. */
  deleted: Params
}

/** Every target of a route of the Org API: the valid one, and each part of its path wrong in each way. */
export function targetsOf(route: string, { projects, foreign, deleted }: Wrongs): Aim[] {
  const params = [...route.matchAll(/\{(\w+)\}/g)].map(([, param]) => param!)
  const targets = [own]
  const hasProject = params.some((param) => isProject(route, param))
  const place = (name: string, at: Place, values: Params) => void targets.push({ name, place: at, params: values })
  if (hasProject) place('the project next door', 'sibling', {})
  if (params.some(isOrganization))
    place('another organization', 'elsewhere', { o: 'other', orgId: 'other', p: 'theirs', projectId: 'theirs' })
  for (const param of params) {
    if (param === 'token') continue
    if (isOrganization(param)) {
      for (const value of [UNKNOWN, 'nowhere', malformed(param)])
        place(`{${param}} ${value}`, 'no organization', { [param]: value })
    } else if (isProject(route, param)) {
      for (const [name, value] of Object.entries({
        ...projects,
        unknown: UNKNOWN,
        nowhere: 'nowhere',
        malformed: malformed(param),
      }))
        place(`{${param}} ${name}`, 'no project', { [param]: value })
    } else {
      const isCell = param === 'name' && route.includes('{name}/members/{entityId}')
      const wrong = param === 'envName' && route.includes('/envs/') ? 'environment' : isCell ? 'cell' : 'thing'
      const values = { foreign: foreign[param], deleted: deleted[param], unknown: UNKNOWN, malformed: malformed(param) }
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined) continue
        const isMalformed = value === 'nope'
        targets.push({ name: `{${param}} ${name}`, place: 'own', wrong, isMalformed, params: { [param]: value } })
      }
    }
  }
  return targets
}

/** The same for the v1 API, whose paths have one id each, which determines the project. */
export function targetsInV1(route: string, things: Record<'elsewhere' | 'no project', Params>): Aim[] {
  const param = /\{(\w+)\}/.exec(route)?.[1]
  if (!param) return [own]
  return [
    own,
    { name: 'the project next door', place: 'sibling', params: {} },
    { name: 'another organization', place: 'elsewhere', params: things.elsewhere },
    { name: `{${param}} of a deleted project`, place: 'no project', params: things['no project'] },
    { name: `{${param}} unknown`, place: 'no organization', params: { [param]: UNKNOWN } },
    { name: `{${param}} malformed`, place: 'no organization', isMalformed: true, params: { [param]: 'nope' } },
  ]
}

type Made = { id: string; results: { invitation: { id: string } }[] }

const maker = (send: Client, bearer: string) => async (request: string, json?: unknown, headers?: Record<string, string>) => {
  const { status, body, text } = await send<Made>(bearer, request, { json, ...(headers && { headers }) })
  if (status >= 300) throw new Error(`${request}: ${text}`)
  return body
}

/** Creates one of everything in a project, each with the same name. Answers their ids. */
export async function furnish(send: Client, bearer: string, at: string, name: string): Promise<Params> {
  const make = maker(send, bearer)
  const type = { name, states: ['active'], initialState: 'active' }
  await make(`POST ${at}/entity-types`, type)
  await make(`POST ${at}/cells`, { name, entityType: name })
  await make(`POST ${at}/environments`, { name })
  await make(`POST ${at}/relationship-types`, { name, from: name, to: name, states: ['up'] })
  const { id: entityId } = await make(`POST ${at}/envs/default/entities`, { entityType: name, name })
  const link = { relationshipType: name, from: name, to: name }
  const { id: relationshipId } = await make(`POST ${at}/envs/default/relationships`, link)
  await make(`POST ${at}/envs/default/secrets`, { name })
  const { id: tokenId } = await make(`POST ${at}/tokens`, { name })
  const { id: linkId } = await make(`POST ${at}/repo-links`, { provider: 'github', repository: `acme/${name}` })
  return { name, envName: name, entityId, relationshipId, tokenId, linkId }
}

/** Deletes all of it again. */
export async function clear(
  send: Client,
  bearer: string,
  at: string,
  { name, relationshipId, tokenId, linkId }: Params,
): Promise<void> {
  const make = maker(send, bearer)
  for (const path of [
    `envs/default/relationships/${relationshipId}`,
    `envs/default/entities/${name}`,
    `envs/default/secrets/${name}`,
    `relationship-types/${name}`,
    `cells/${name}`,
    `entity-types/${name}`,
    `environments/${name}`,
    `tokens/${tokenId}`,
    `repo-links/${linkId}`,
  ])
    await make(`DELETE ${at}/${path}`)
}

/** Creates what an organization has besides its projects. */
export async function furnishOrganization(send: Client, bearer: string, slug: string): Promise<Params> {
  const make = maker(send, bearer)
  const { id: webhookId } = await make(`POST /orgs/${slug}/webhooks`, { url: 'https://siem.example.com/hook' })
  const { id: deliveryId } = await make(`POST /orgs/${slug}/webhooks/${webhookId}/test`)
  const invitations = [{ email: `${newId()}@elsewhere.test` }]
  const { results } = await make(`POST /orgs/${slug}/invitations`, { invitations })
  return { webhookId, deliveryId, invitationId: results[0]!.invitation.id }
}

/** The ids of a project's things, as the v1 API names them. */
export async function thingsInV1(
  send: Client,
  person: string,
  { id, tokens }: Pick<Stage, 'id'> & { tokens: { owner: string } },
): Promise<Params> {
  const make = maker(send, person)
  const headers = { 'x-project-token': tokens.owner }
  const [environment] = (await make(`GET /v1/projects/${id}/environments`)) as unknown as Made[]
  const [member] = (await make(`GET /v1/projects/${id}/members`)) as unknown as Made[]
  const { id: tokenID } = await make(`POST /v1/projects/${id}/tokens`, { name: 'v1' })
  const agent = { name: 'v1', machineID: 'v1', type: 'fluentbit', version: 'v3.1.0', edition: 'community' }
  const { id: agentID } = await make('POST /v1/agents', agent, headers)
  const core = { name: 'v1', version: 'v0.1.0', addHealthCheckPipeline: false }
  const { id: aggregatorID } = await make('POST /v1/aggregators', core, headers)
  return { projectID: id, environmentID: environment!.id, memberID: member!.id, tokenID, agentID, aggregatorID }
}
