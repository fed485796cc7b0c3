import { v1AgentOperations } from '#contract/v1/agents'
import { deleteAgents, listAgents } from '#domain/v1/agents'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1AgentOperations.list, ({ project, query }) => listAgents(project, query)),
  DELETE: v1Endpoint(v1AgentOperations.deleteMany, ({ project, query }) => deleteAgents(project, query.agent_id)),
})
