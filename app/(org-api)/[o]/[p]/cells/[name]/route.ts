import { cellOperations } from '#contract/catalog/cells'
import { deleteCell, getCell, replaceCell } from '#domain/catalog/cells'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(cellOperations.get, ({ project, params }) => getCell(project, params.name)),
  PUT: endpoint(cellOperations.replace, ({ project, params, query, body }) => replaceCell(project, params.name, body, query)),
  DELETE: endpoint(cellOperations.delete, ({ project, params, query }) => deleteCell(project, params.name, query)),
})
