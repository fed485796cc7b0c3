import { transferOperations } from '#contract/transfer/transfer'
import { importProject } from '#domain/transfer/import'
import { resource } from '#server/http/resource'
import { importing } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: importing(transferOperations.import, (project, lines, query) => importProject(project, lines, query)),
})
