import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Columns } from '#components/table/columns'
import { VirtualTable } from '#components/table/virtual-table'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { paths } from '#contract/paths'
import type { InCatalog } from './catalog.ts'
import { countInWords } from './count-in-words.ts'
import { useDataView } from './use-data-view.ts'

/** The pages read so far, as `useInfiniteQuery` returns them. */
interface Listed<Row> {
  data: { pages: readonly { items: readonly Row[] }[] } | undefined
  error: { message: string } | null
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isPlaceholderData: boolean
  fetchNextPage: () => unknown
  refetch: () => unknown
}

interface DataListProps<Row extends { id: string }> extends Pick<InCatalog, 'org' | 'project' | 'env'> {
  label: string
  /** One and several, in words: "entity", "entities". */
  what: readonly [one: string, many: string]
  listed: Listed<Row>
  /** What the rows are filtered by: a new list starts at its top. */
  filter: object
  columns: Columns<Row>
  /** The unfiltered number, when known. */
  total: number | null
  rowHref: (id: string) => string
  onOpen: (id: string) => void
  create: ReactNode
  /** Says what this is, while the catalog has no type of it; null when it has. */
  explained: string | null
  /** Says why there may be nothing to see. */
  nothing: string
}

/** What an environment contains of one kind, page by page, or why there is nothing. */
export function DataList<Row extends { id: string }>({ org, project, env, listed, ...props }: DataListProps<Row>) {
  const { filtered, clear } = useDataView()
  const { what, filter } = props
  const [one, many] = what
  const { hasNextPage, isFetchingNextPage, isPlaceholderData } = listed
  const rows = listed.data?.pages.flatMap(({ items }) => items)
  const total = filtered ? null : props.total
  return (
    <VirtualTable
      key={JSON.stringify([env, filter])}
      label={props.label}
      columns={props.columns}
      rows={rows}
      total={total}
      rowId={({ id }) => id}
      rowHref={({ id }) => props.rowHref(id)}
      onOpen={({ id }) => props.onOpen(id)}
      hasMore={hasNextPage}
      onMore={hasNextPage && !isFetchingNextPage && !isPlaceholderData ? () => void listed.fetchNextPage() : undefined}
      summary={rows && countInWords(what, { read: rows.length, hasMore: hasNextPage, total, filtered })}
      stale={isPlaceholderData}
      error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
      empty={
        filtered ? (
          <EmptyState title={`No ${many} match`} action={<Button onClick={clear}>Clear filters</Button>}>
            Nothing you can see in {env} matches these filters.
          </EmptyState>
        ) : props.explained !== null ? (
          <EmptyState
            title={`No ${one} types yet`}
            action={
              <ButtonLink variant="primary" href={paths.project(org, project).catalog}>
                Open the catalog
              </ButtonLink>
            }
          >
            {props.explained}
          </EmptyState>
        ) : (
          <EmptyState title={`No ${many} in ${env}`} action={props.create}>
            {props.nothing}
          </EmptyState>
        )
      }
    />
  )
}

/** Opens the dialog that creates one. */
export function CreateButton({ what, reason, onClick }: { what: string; reason: string | null; onClick: () => void }) {
  return (
    <Button variant="primary" icon={<Plus className="size-3.5" />} disabledReason={reason} onClick={onClick}>
      Create {what}
    </Button>
  )
}
