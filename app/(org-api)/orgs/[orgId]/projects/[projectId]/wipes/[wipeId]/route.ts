import { nukeOperations } from '#contract/nuke/nuke'
import { purgeWipe } from '#domain/nuke/nuke'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(nukeOperations.purgeWipe, ({ project, params, body }) => purgeWipe(project, params.wipeId, body)),
})
