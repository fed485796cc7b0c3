import { expect } from 'vitest'
import { v1Operations } from '#contract/v1/operations'
import { newId } from '#domain/ids'
import { signedText } from '#domain/crypto/signed-text'
import { type Cast, type Stage, personalToken } from '../world/cast.ts'
import type { Client, Who } from '../http/client.ts'
import { type Example, nameOf } from '../http/examples.ts'

/** `after` = the query; `raw` = a body that is not JSON. */
export type V1Example = Example & { after?: string; raw?: string }

const agent = (machineID: string) => ({ name: machineID, machineID, type: 'fluentbit', version: 'v3.1.0', edition: 'community' })
const core = (name: string) => ({ name, version: 'v0.1.0', addHealthCheckPipeline: false })

/** A project with one of everything in the v1 API. */
async function furnish(send: Client, { people, world }: Cast, stage: Stage) {
  const token: Who = { 'x-project-token': stage.tokens.owner }
  const at = `/v1/projects/${stage.id}`
  const made = async (as: Who, request: string, json?: unknown) => {
    const answer = await send<{ id: string; token: string }>(as, request, { json })
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer.body
  }
  const one = async <Row extends { id: string }>(request: string, fits: (row: Row) => boolean) =>
    (await send<Row[]>(people.orgOwner.token, `GET ${request}`)).body.find(fits)!.id
  const [first, second] = [await made(token, 'POST /v1/agents', agent('a')), await made(token, 'POST /v1/agents', agent('b'))]
  const [mill, well] = [
    await made(token, 'POST /v1/aggregators', core('mill')),
    await made(token, 'POST /v1/aggregators', core('well')),
  ]
  const { id: tokenID } = await made(people.orgOwner.token, `POST ${at}/tokens`, { name: 'old' })
  const invitee = await world.person('viewer')
  await made(people.orgOwner.token, `POST ${at}/invite`, { email: invitee.email })
  const invitation = await world.db
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', invitee.email)
    .executeTakeFirstOrThrow()
  return {
    agents: [first, second] as const,
    cores: [mill, well] as const,
    tokenID,
    memberID: await one<{ id: string; userID: string }>(`${at}/members`, ({ userID }) => userID === people.guest.id),
    environmentID: (await made(token, `POST ${at}/environments`, { name: 'spare' })).id,
    invitation: signedText('invitation', { InvitationID: invitation.id }),
    invitee: await personalToken(world.db, invitee, null),
  }
}

/** A valid call of every operation that changes something, against a fresh project. */
export async function v1ExamplesOf(send: Client, cast: Cast, stage: Stage): Promise<Record<string, V1Example>> {
  const made = await furnish(send, cast, stage)
  const [first, second] = made.agents
  const [mill, well] = made.cores
  const bodies: Record<string, Record<string, unknown>> = {
    'POST /v1/projects': { name: `${stage.slug}-new` },
    'PATCH /v1/projects/{projectID}': { name: 'Renamed' },
    'POST /v1/projects/{projectID}/tokens': { name: 'narrow', permissions: ['read:*'] },
    'PATCH /v1/project_tokens/{tokenID}': { name: 'renamed' },
    'PATCH /v1/members/{memberID}': { permissions: ['read:*'] },
    'POST /v1/projects/{projectID}/invite': { email: `${newId()}@elsewhere.test` },
    'POST /v1/join_project': { token: made.invitation },
    'POST /v1/projects/{projectID}/environments': { name: 'production' },
    'PATCH /v1/environments/{environmentID}': { name: 'renamed' },
    'POST /v1/agents': agent('c'),
    'PATCH /v1/agents/{agentID}': { name: 'renamed' },
    'POST /v1/agents/{agentID}/errors': { error: 'no such plugin' },
    'POST /v1/aggregators': core('new'),
    'PATCH /v1/aggregators/{aggregatorID}': { name: 'renamed' },
  }
  const more: Record<string, Partial<V1Example>> = {
    'POST /v1/join_project': { as: made.invitee },
    'DELETE /v1/projects/{projectID}/agents': { after: `?agent_id=${first.id}&agent_id=${second.id}` },
    'DELETE /v1/projects/{projectID}/aggregators': { after: `?aggregator_id=${mill.id}&aggregator_id=${well.id}` },
    'GET /v1/search': { after: '?resource=agent' },
    'GET /v2/search': { after: '?resource=agent' },
    'POST /v1/agent_metrics': { as: { 'x-agent-token': first.token }, raw: 'metrics' },
    'POST /v1/agents/{agentID}/metrics': { as: { 'x-agent-token': first.token }, raw: 'metrics' },
    'POST /v1/aggregators/{aggregatorID}/ping': { as: { 'x-aggregator-token': mill.token } },
  }
  const params = {
    projectID: stage.id,
    tokenID: made.tokenID,
    memberID: made.memberID,
    environmentID: made.environmentID,
    agentID: first.id,
    aggregatorID: mill.id,
    id: stage.id,
  }
  return Object.fromEntries(
    v1Operations.map((operation): [string, V1Example] => {
      const name = nameOf(operation)
      const as: Who = operation.credential === 'user' ? cast.people.orgOwner.token : { 'x-project-token': stage.tokens.owner }
      return [name, { as, params, ...(bodies[name] && { body: bodies[name] }), ...more[name] }]
    }),
  )
}
