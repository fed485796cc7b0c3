import type { ProjectContext } from '../context.ts'
import { signedPayload, signedText } from '../crypto/signed-text.ts'
import { refusal, verbRefusal } from '../access/permissions.ts'
import { derivedPrefix } from '../tokens/text.ts'

export type RegisteredIds = { id: string; projectId: string }

/** What an agent proves itself with, in `X-Agent-Token`. */
export const agentToken = ({ id, projectId }: RegisteredIds) => signedText('agent-token', { AgentID: id, ProjectID: projectId })

/** What a core instance proves itself with, in `X-Aggregator-Token`. */
export const coreInstanceToken = ({ id, projectId }: RegisteredIds) =>
  signedText('core-instance-token', { AggregatorID: id, ProjectID: projectId })

/** Which agent a text names; undefined for one that this server did not sign. */
export function agentTokenIds(text: string): RegisteredIds | undefined {
  const payload = signedPayload('agent-token', text)
  return payload && { id: payload['AgentID']!, projectId: payload['ProjectID']! }
}

/** Which core instance a text names; undefined for one that this server did not sign. */
export function coreInstanceTokenIds(text: string): RegisteredIds | undefined {
  const payload = signedPayload('core-instance-token', text)
  return payload && { id: payload['AggregatorID']!, projectId: payload['ProjectID']! }
}

/** The token in full only for whoever may do himself what it allows: reading must not give more than one has. */
export function shownTo({ grant }: ProjectContext, token: string): string {
  const why = refusal(grant, 'data:write') ?? verbRefusal(grant, 'create') ?? verbRefusal(grant, 'update')
  return why ? derivedPrefix(token) : token
}
