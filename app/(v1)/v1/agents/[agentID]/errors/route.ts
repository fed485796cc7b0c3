import { v1AgentOperations } from '#contract/v1/agents'
import { addAgentError, listAgentErrors } from '#domain/v1/agent-errors'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1AgentOperations.errors, ({ project, params, query }, reach) =>
    listAgentErrors(project, params.agentID, { ...query, ...reach }),
  ),
  POST: v1Endpoint(v1AgentOperations.addError, ({ project, params, body }) => addAgentError(project, params.agentID, body)),
})
