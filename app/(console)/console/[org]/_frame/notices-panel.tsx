import { useInfiniteQuery } from '@tanstack/react-query'
import { CheckCheck } from 'lucide-react'
import { Failed } from '#components/table/data-table'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { SidePanel } from '#components/ui/side-panel'
import { Spinner } from '#components/ui/spinner'
import { noticesQuery, useMarkAllNotices, useMarkNotice } from '#queries/notices/notices'
import { NoticeItem } from './notice-item.tsx'

interface NoticesPanelProps {
  open: boolean
  unread: number
  onClose: () => void
}

/** The owner's notices from all organizations, newest first. */
export function NoticesPanel({ open, unread, onClose }: NoticesPanelProps) {
  const notices = useInfiniteQuery({ ...noticesQuery(), enabled: open })
  const mark = useMarkNotice()
  const markAll = useMarkAllNotices()
  const items = notices.data?.pages.flatMap((page) => page.items)
  const failed = notices.error ?? mark.error ?? markAll.error
  return (
    <SidePanel
      open={open}
      onOpenChange={onClose}
      title="Notices"
      description="Nukes, undos, deletions and owner changes in the projects that you own."
      footer={
        <Button
          icon={<CheckCheck className="size-3.5" />}
          pending={markAll.isPending}
          disabledReason={unread === 0 ? 'All notices are read' : null}
          onClick={() => markAll.mutate()}
        >
          Mark all as read
        </Button>
      }
    >
      {failed && <Failed message={failed.message} retry={() => void notices.refetch()} />}
      {!items && !failed && (
        <output className="flex justify-center py-12">
          <Spinner />
          <span className="sr-only">Loading notices</span>
        </output>
      )}
      {items?.length === 0 && (
        <EmptyState title="No notices yet">
          You are notified here when someone nukes or deletes a project that you own, or changes its owners.
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <ul aria-label="Notices" className="-mx-5 divide-y divide-line border-y border-line">
          {items.map((notice) => (
            <NoticeItem
              key={notice.id}
              notice={notice}
              onMark={(read) => mark.mutate({ id: notice.id, read })}
              onFollow={() => {
                if (notice.readAt === null) mark.mutate({ id: notice.id, read: true })
                onClose()
              }}
            />
          ))}
        </ul>
      )}
      {notices.hasNextPage && (
        <div className="pt-4 text-center">
          <Button pending={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </SidePanel>
  )
}
