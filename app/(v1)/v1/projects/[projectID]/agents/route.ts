import { v1AgentOperations } from '#contract/v1/agents'
import { deleteAgents, listAgents } from '#domain/v1/agents'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1AgentOperations.list, ({ project, query }, reach) => listAgents(project, { ...query, ...reach })),
  DELETE: v1Endpoint(v1AgentOperations.deleteMany, ({ project, query }) => deleteAgents(project, query.agent_id)),
})
