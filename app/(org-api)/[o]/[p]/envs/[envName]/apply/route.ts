import { applyOperations } from '#contract/apply/apply'
import { apply } from '#domain/apply/apply'
import { resource } from '#server/http/resource'
import { reporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: reporting(applyOperations.apply, ({ project, params, query, body }, report) =>
    apply(project, params.envName, { ...body, ...query }, report),
  ),
})
