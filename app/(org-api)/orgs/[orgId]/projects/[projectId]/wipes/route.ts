import { nukeOperations } from '#contract/nuke/nuke'
import { listWipes } from '#domain/nuke/nuke'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(nukeOperations.listWipes, ({ project, query }) => listWipes(project, query)),
})
