import { noticeOperations } from '#contract/notices/notices'
import { markNotice } from '#domain/notices/notices'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PATCH: endpoint(noticeOperations.mark, ({ actor, params, body }) => markNotice(actor, params.noticeId, body)),
})
