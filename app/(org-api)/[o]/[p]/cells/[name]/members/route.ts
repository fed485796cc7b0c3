import { cellOperations } from '#contract/catalog/cells'
import { listCellMembers } from '#domain/data/cell-members'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(cellOperations.listMembers, ({ project, params, query }) => listCellMembers(project, params.name, query)),
})
