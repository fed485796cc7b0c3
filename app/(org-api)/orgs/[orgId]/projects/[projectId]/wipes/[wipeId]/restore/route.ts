import { nukeOperations } from '#contract/nuke/nuke'
import { restoreWipe } from '#domain/nuke/nuke'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(nukeOperations.restoreWipe, ({ project, params, body }) => restoreWipe(project, params.wipeId, body)),
})
