'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import { Actor } from '#components/actor'
import { columnsOf } from '#components/table/columns'
import { OpenRow } from '#components/table/open-row'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { PageHeader } from '#components/ui/page-header'
import { SidePanel } from '#components/ui/side-panel'
import { Time, utcTime } from '#components/ui/time'
import { Receipt } from '#components/wipes/receipt'
import { totalOf } from '#components/wipes/table-name'
import { purgeRefusal, undoRefusal, WipeState, wipeInWords } from '#components/wipes/wipe-state'
import type { Wipe } from '#contract/nuke/nuke'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { wipesQuery } from '#queries/nuke/nuke'
import { projectQuery, protectionQuery } from '#queries/projects/projects'
import { protectedReason } from '../danger-zone.tsx'

const UndoDialog = lazyDialog(() => import('../undo-dialog.tsx').then((module) => module.UndoDialog))
const PurgeDialog = lazyDialog(() => import('./purge-dialog.tsx').then((module) => module.PurgeDialog))

const column = columnsOf<Wipe>()
const columns = [
  column.accessor('reason', { header: 'What', cell: (cell) => <OpenReceipt wipe={cell.row.original} /> }),
  column.accessor((wipe) => totalOf(wipe.rowCounts), {
    id: 'rows',
    header: 'Rows',
    cell: (cell) => cell.getValue().toLocaleString('en'),
    meta: { align: 'right' },
  }),
  column.accessor('wipedBy', { header: 'By', cell: (cell) => <Actor actor={cell.getValue()} /> }),
  column.accessor('wipedAt', { header: 'When', cell: (cell) => <Time value={cell.getValue()} /> }),
  column.accessor('state', { header: 'State', cell: (cell) => <WipeState wipe={cell.row.original} /> }),
]

const useOpenWipe = () => useQueryState('wipe', parseAsString)

function OpenReceipt({ wipe }: { wipe: Wipe }) {
  const [, open] = useOpenWipe()
  return (
    <OpenRow onOpen={() => void open(wipe.id)} detail={utcTime(wipe.wipedAt)}>
      {wipeInWords[wipe.reason]}
    </OpenRow>
  )
}

/** Receipts of nukes and undos, newest first. Each can be undone until it expires. */
export function WipesTable({ org, project }: { org: string; project: string }) {
  const { cursor, pager } = usePaging(['receipt', 'receipts'])
  const access = useQuery(accessQuery(org, project))
  const may = access.data?.can['apply:write']
  const off = may?.reason
  const wipes = useQuery({
    ...wipesQuery(org, project, cursor),
    placeholderData: keepPreviousData,
    enabled: may?.allowed ?? false,
  })
  const slug = useQuery(projectQuery(org, project)).data?.slug ?? project
  const [openId, setOpenId] = useOpenWipe()
  const protection = useQuery(protectionQuery(org, project)).data
  const noPurge = access.data?.can['wipes:purge'].reason ?? (protection && protectedReason(protection)) ?? null
  const [undoing, setUndoing] = useState<Wipe | null>(null)
  const [purging, setPurging] = useState<Wipe | null>(null)
  const open = wipes.data?.items.find(({ id }) => id === openId)
  const failed = access.error ?? wipes.error
  const settings = paths.project(org, project).settings
  return (
    <>
      <PageHeader
        title="Nuke receipts"
        description="A nuke receipt lists what a nuke or an undo removed, and until when you can bring it back."
        actions={<ButtonLink href={settings}>Back to settings</ButtonLink>}
      />
      <DataTable
        label="Nuke receipts"
        columns={columns}
        rows={off ? [] : wipes.data?.items}
        rowId={(wipe) => wipe.id}
        rowName={(wipe) => `${wipeInWords[wipe.reason]} ${utcTime(wipe.wipedAt)}`}
        empty={
          off ? (
            <EmptyState title="You can’t see nuke receipts">{off}.</EmptyState>
          ) : (
            <EmptyState title="No nuke receipts yet" action={<ButtonLink href={settings}>Open the danger zone</ButtonLink>}>
              After a nuke, you find its receipt here and can undo it.
            </EmptyState>
          )
        }
        error={failed ? { message: failed.message, retry: () => void (access.error ? access : wipes).refetch() } : null}
        onOpen={(wipe) => void setOpenId(wipe.id)}
        stale={wipes.isPlaceholderData}
        rowActions={(wipe) => [
          { label: 'View receipt', onSelect: () => void setOpenId(wipe.id) },
          { label: 'Undo…', disabledReason: undoRefusal[wipe.state], onSelect: () => setUndoing(wipe) },
          {
            label: 'Purge…',
            danger: true,
            separated: true,
            disabledReason: purgeRefusal[wipe.state] ?? noPurge,
            onSelect: () => setPurging(wipe),
          },
        ]}
        pager={pager(wipes.data)}
      />
      <SidePanel
        open={open !== undefined && undoing === null && purging === null}
        onOpenChange={() => void setOpenId(null)}
        title={open ? wipeInWords[open.reason] : 'Receipt'}
        footer={
          open && (
            <>
              <Button variant="danger" disabledReason={purgeRefusal[open.state] ?? noPurge} onClick={() => setPurging(open)}>
                Purge…
              </Button>
              <Button variant="primary" disabledReason={undoRefusal[open.state]} onClick={() => setUndoing(open)}>
                Undo…
              </Button>
            </>
          )
        }
      >
        {open && <Receipt wipe={open} />}
      </SidePanel>
      {undoing && <UndoDialog org={org} project={project} slug={slug} wipe={undoing} onClose={() => setUndoing(null)} />}
      {purging && <PurgeDialog org={org} project={project} slug={slug} wipe={purging} onClose={() => setPurging(null)} />}
    </>
  )
}
