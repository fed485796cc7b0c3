import { v1AgentOperations } from '#contract/v1/agents'
import { addAgentMetrics } from '#domain/v1/agent-changes'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  POST: v1Endpoint(v1AgentOperations.addOwnMetrics, ({ project, raw }) => addAgentMetrics(project, project.actor.id, raw)),
})
