import { organizationOperations } from '#contract/organizations/organizations'
import { previewRemoval } from '#domain/organizations/removal-preview'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.removalPreview, ({ org, params }) => previewRemoval(org, params.userId)),
})
