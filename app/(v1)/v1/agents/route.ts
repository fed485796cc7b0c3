import { v1AgentOperations } from '#contract/v1/agents'
import { registerAgent } from '#domain/v1/agents'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  POST: v1Endpoint(v1AgentOperations.register, ({ project, body }) => registerAgent(project, body)),
})
