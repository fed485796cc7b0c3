import { noticeOperations } from '#contract/notices/notices'
import { countUnreadNotices } from '#domain/notices/notices'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(noticeOperations.unread, ({ actor }) => countUnreadNotices(actor)),
})
