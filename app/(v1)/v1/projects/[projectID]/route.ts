import { v1ProjectOperations } from '#contract/v1/projects'
import { deleteV1Project, getV1Project, updateV1Project } from '#domain/v1/projects'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1ProjectOperations.get, ({ project }) => getV1Project(project)),
  PATCH: v1Endpoint(v1ProjectOperations.update, ({ project, body }) => updateV1Project(project, body)),
  DELETE: v1Endpoint(v1ProjectOperations.delete, ({ project, body }) => deleteV1Project(project, body)),
})
