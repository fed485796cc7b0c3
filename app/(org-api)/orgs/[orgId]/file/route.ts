import { organizationFileOperations } from '#contract/organizations/file'
import { exportOrganization } from '#domain/organizations/file'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationFileOperations.export, ({ org }) => exportOrganization(org)),
})
