import { cellOperations } from '#contract/catalog/cells'
import { addCellMember, removeCellMember } from '#domain/data/cell-members'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(cellOperations.addMember, ({ project, params }) => addCellMember(project, params)),
  DELETE: endpoint(cellOperations.removeMember, ({ project, params }) => removeCellMember(project, params)),
})
