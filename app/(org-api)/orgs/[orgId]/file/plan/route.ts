import { organizationFileOperations } from '#contract/organizations/file'
import { planFile } from '#domain/organizations/file'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(organizationFileOperations.plan, ({ org, body }) => planFile(org, body)),
})
