import { memberChangeOperations } from '#contract/members/changes'
import { changeMembers } from '#domain/members/changes'
import { endpoint } from '#server/http/endpoint'
import { publicCodeOf } from '#contract/errors'
import { resolveProject } from '#server/http/resolve'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(memberChangeOperations.apply, ({ org, body }) =>
    changeMembers(org, body.changes, { projectOf: resolveProject, codeOf: publicCodeOf }),
  ),
})
