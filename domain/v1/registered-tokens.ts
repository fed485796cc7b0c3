import type { ProjectContext } from '../context.ts'
import { signedPayload, signedText } from '../crypto/signed-text.ts'
import { refusal, verbRefusal } from '../access/permissions.ts'
import { derivedPrefix } from '../tokens/text.ts'

export type RegisteredIds = { id: string; projectId: string }

/** The credential of an agent, sent in `X-Agent-Token`. */
export const agentToken = ({ id, projectId }: RegisteredIds) => signedText('agent-token', { AgentID: id, ProjectID: projectId })

/** The credential of a core instance, sent in `X-Aggregator-Token`. */
export const coreInstanceToken = ({ id, projectId }: RegisteredIds) =>
  signedText('core-instance-token', { AggregatorID: id, ProjectID: projectId })

/** The agent that a token names; undefined if this server did not sign it. */
export function agentTokenIds(text: string): RegisteredIds | undefined {
  const payload = signedPayload('agent-token', text)
  return payload && { id: payload['AgentID']!, projectId: payload['ProjectID']! }
}

/** The core instance that a token names; undefined if this server did not sign it. */
export function coreInstanceTokenIds(text: string): RegisteredIds | undefined {
  const payload = signedPayload('core-instance-token', text)
  return payload && { id: payload['AggregatorID']!, projectId: payload['ProjectID']! }
}

/** The full token only for callers who may do what it allows: reading must not give more rights. */
export function shownTo({ grant }: ProjectContext, token: string): string {
  const why = refusal(grant, 'data:write') ?? verbRefusal(grant, 'create') ?? verbRefusal(grant, 'update')
  return why ? derivedPrefix(token) : token
}
