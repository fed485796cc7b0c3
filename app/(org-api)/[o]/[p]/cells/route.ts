import { cellOperations } from '#contract/catalog/cells'
import { createCell, listCells } from '#domain/catalog/cells'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(cellOperations.list, ({ project, query }) => listCells(project, query)),
  POST: endpoint(cellOperations.create, ({ project, body }) => createCell(project, body)),
})
