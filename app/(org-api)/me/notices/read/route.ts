import { noticeOperations } from '#contract/notices/notices'
import { markAllNotices } from '#domain/notices/notices'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(noticeOperations.markAll, ({ actor }) => markAllNotices(actor)),
})
