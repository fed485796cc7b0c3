import { transferOperations } from '#contract/transfer/transfer'
import { exportProject } from '#domain/transfer/export'
import { resource } from '#server/http/resource'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(transferOperations.export, (project) => exportProject(project)),
})
