import { viewAsOperations } from '#contract/accounts/view-as'
import { startViewing } from '#domain/accounts/viewing'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(viewAsOperations.start, ({ project, body }) => startViewing(project, body)),
})
