import { projectOperations } from '#contract/projects/projects'
import { deleteProject, getProject, updateProject } from '#domain/projects/projects'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(projectOperations.get, ({ project }) => getProject(project)),
  PUT: endpoint(projectOperations.update, ({ project, body }) => updateProject(project, body)),
  DELETE: endpoint(projectOperations.delete, ({ project, body }) => deleteProject(project, body)),
})
