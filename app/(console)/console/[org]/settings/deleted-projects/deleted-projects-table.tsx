'use client'

import { useQuery } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { z } from 'zod'
import type { DeletedProjectListItem } from '#contract/projects/projects'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import { paths } from '#contract/paths'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { deletedProjectsQuery, useRestoreProject } from '#queries/projects/projects'

type Deleted = z.infer<typeof DeletedProjectListItem>

const column = columnsOf<Deleted>()

const columns: Columns<Deleted> = [
  column.accessor('name', {
    header: 'Project',
    cell: ({ getValue }) => (
      <span className="block max-w-80 truncate font-medium" title={getValue()}>
        {getValue()}
      </span>
    ),
  }),
  column.accessor('slug', { header: 'Slug', cell: ({ getValue }) => <Mono quiet>{getValue()}</Mono> }),
  column.accessor('deletedAt', { header: 'Deleted', cell: ({ getValue }) => <Time value={getValue()} /> }),
  column.accessor('restoreBefore', { header: 'Deleted permanently', cell: ({ getValue }) => <Time value={getValue()} /> }),
]

/** Deleted projects that can still be restored. */
export function DeletedProjectsTable({ org }: { org: string }) {
  const [restoring, setRestoring] = useState<Deleted | null>(null)
  const paging = usePaging(['project', 'projects'])
  const access = useQuery(organizationAccessQuery(org))
  const may = access.data?.can['projects:restore']
  const deleted = useQuery({ ...deletedProjectsQuery(org, paging.cursor), enabled: may?.allowed ?? false })
  const failed = access.error ? access : deleted.error ? deleted : null
  return (
    <>
      <PageHeader
        title="Deleted projects"
        description="You can restore a deleted project with everything in it until it is deleted permanently. Until then, no other project can use its slug."
      />
      {may && !may.allowed ? (
        <Notice title="Only people who can restore projects can see deleted ones">{may.reason}</Notice>
      ) : (
        <DataTable
          label="Deleted projects"
          columns={columns}
          rows={deleted.data?.items}
          rowId={({ id }) => id}
          rowName={({ name }) => name}
          rowActions={(project) => [{ label: 'Restore…', icon: <Undo2 />, onSelect: () => setRestoring(project) }]}
          error={failed?.error && { message: failed.error.message, retry: () => void failed.refetch() }}
          pager={paging.pager(deleted.data)}
          empty={
            <EmptyState title="No deleted projects" action={<ButtonLink href={paths.projects(org)}>All projects</ButtonLink>}>
              Deleted projects are kept here for a while before they are deleted permanently.
            </EmptyState>
          }
        />
      )}
      {restoring && <RestoreDialog org={org} project={restoring} onClose={() => setRestoring(null)} />}
    </>
  )
}

function RestoreDialog({ org, project, onClose }: { org: string; project: Deleted; onClose: () => void }) {
  const restore = useRestoreProject(org)
  const router = useRouter()
  const toast = useToast()
  const onSuccess = ({ name, slug }: { name: string; slug: string }) => {
    onClose()
    toast(`Restored ${name}`, { action: { label: 'Open', onClick: () => router.push(paths.project(org, slug).overview) } })
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      variant="primary"
      title={`Restore ${project.name}?`}
      description="Its members, tokens and data come back as they were. Its tokens work again immediately."
      confirmLabel="Restore project"
      pending={restore.isPending}
      error={restore.error?.message}
      onConfirm={() => restore.mutate(project.id, { onSuccess })}
    />
  )
}
