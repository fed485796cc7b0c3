import { viewAsOperations } from '#contract/accounts/view-as'
import { stopViewing } from '#domain/accounts/viewing'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(viewAsOperations.stop, ({ actor }) => stopViewing(actor)),
})
