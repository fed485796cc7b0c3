import { nukeOperations } from '#contract/nuke/nuke'
import { nukeProject } from '#domain/nuke/nuke'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(nukeOperations.nuke, ({ project, body }) => nukeProject(project, body)),
})
