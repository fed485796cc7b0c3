import { v1AgentOperations } from '#contract/v1/agents'
import { updateAgent } from '#domain/v1/agent-changes'
import { deleteAgent, getAgent } from '#domain/v1/agents'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1AgentOperations.get, ({ project, params }) => getAgent(project, params.agentID)),
  PATCH: v1Endpoint(v1AgentOperations.update, ({ project, params, body }) => updateAgent(project, params.agentID, body)),
  DELETE: v1Endpoint(v1AgentOperations.delete, ({ project, params }) => deleteAgent(project, params.agentID)),
})
