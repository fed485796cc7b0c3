import { clsx } from 'clsx'
import { ButtonLink } from '#components/ui/link'
import { Button } from '#components/ui/button'
import { Time } from '#components/ui/time'
import type { Notice } from '#contract/notices/notices'
import { noticeLink } from './notice-link.ts'

interface NoticeItemProps {
  notice: Notice
  onMark: (read: boolean) => void
  /** Called when the notice's page was opened. */
  onFollow: () => void
}

/** One notice: who did what, when, until when it can be undone, and a link. */
export function NoticeItem({ notice, onMark, onFollow }: NoticeItemProps) {
  const isUnread = notice.readAt === null
  const place = noticeLink(notice)
  return (
    <li className={clsx('relative px-5 py-3', isUnread && 'bg-selected')}>
      {isUnread && <span aria-hidden className="absolute top-5 left-2 size-1.5 rounded-full bg-accent" />}
      <p className={clsx('text-pretty wrap-anywhere', isUnread && 'font-medium')}>
        {isUnread && <span className="sr-only">Unread: </span>}
        {notice.summary}
      </p>
      {notice.reason && <p className="mt-0.5 text-pretty wrap-anywhere">{`“${notice.reason}”`}</p>}
      <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-muted">
        <span>{notice.organization.name}</span>
        <Time value={notice.createdAt} />
        {notice.undoBefore && (
          <span>
            undo ends <Time value={notice.undoBefore} />
          </span>
        )}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {place && (
          <ButtonLink size="sm" href={place.href} onClick={onFollow}>
            {place.label}
          </ButtonLink>
        )}
        <Button size="sm" variant="ghost" onClick={() => onMark(isUnread)}>
          {isUnread ? 'Mark as read' : 'Mark as unread'}
        </Button>
      </div>
    </li>
  )
}
