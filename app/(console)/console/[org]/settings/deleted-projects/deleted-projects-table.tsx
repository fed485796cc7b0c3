'use client'

import { useQuery } from '@tanstack/react-query'
import { Trash2, Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { z } from 'zod'
import type { DeletedProjectListItem } from '#contract/projects/projects'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { ConfirmCall } from '#components/ui/confirm-call'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import { reasonHint } from '#components/wipes/reason'
import { paths } from '#contract/paths'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { deletedProjectsQuery, usePurgeProject, useRestoreProject } from '#queries/projects/projects'

type Deleted = z.infer<typeof DeletedProjectListItem>

const column = columnsOf<Deleted>()

const columns: Columns<Deleted> = [
  column.accessor('name', {
    header: 'Project',
    cell: ({ getValue, row }) => (
      <span className="block max-w-80 py-1.5">
        <span className="block truncate font-medium" title={getValue()}>
          {getValue()}
        </span>
        {row.original.reason && (
          <span className="block truncate text-xs text-muted" title={row.original.reason}>
            {row.original.reason}
          </span>
        )}
      </span>
    ),
  }),
  column.accessor('slug', { header: 'Slug', cell: ({ getValue }) => <Mono quiet>{getValue()}</Mono> }),
  column.accessor('deletedAt', { header: 'Deleted', cell: ({ getValue }) => <Time value={getValue()} /> }),
  column.accessor('restoreBefore', { header: 'Deleted permanently', cell: ({ getValue }) => <Time value={getValue()} /> }),
]

/** Deleted projects that can still be restored, or purged before their time. */
export function DeletedProjectsTable({ org }: { org: string }) {
  const [dialog, setDialog] = useState<null | { kind: 'restore' | 'purge'; project: Deleted }>(null)
  const paging = usePaging(['project', 'projects'])
  const access = useQuery(organizationAccessQuery(org))
  const may = access.data?.can['projects:restore']
  const noPurge = access.data?.can['projects:purge'].reason ?? null
  const deleted = useQuery({ ...deletedProjectsQuery(org, paging.cursor), enabled: may?.allowed ?? false })
  const failed = access.error ? access : deleted.error ? deleted : null
  return (
    <>
      <PageHeader
        title="Deleted projects"
        description="You can restore a deleted project with everything in it until it is deleted permanently, or an owner purges it. Until then, no other project can use its slug."
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
          rowActions={(project) => [
            { label: 'Restore…', icon: <Undo2 />, onSelect: () => setDialog({ kind: 'restore', project }) },
            {
              label: 'Purge…',
              icon: <Trash2 />,
              danger: true,
              separated: true,
              disabledReason: noPurge,
              onSelect: () => setDialog({ kind: 'purge', project }),
            },
          ]}
          error={failed?.error && { message: failed.error.message, retry: () => void failed.refetch() }}
          pager={paging.pager(deleted.data)}
          empty={
            <EmptyState title="No deleted projects" action={<ButtonLink href={paths.projects(org)}>All projects</ButtonLink>}>
              Deleted projects are kept here for a while before they are deleted permanently.
            </EmptyState>
          }
        />
      )}
      {dialog?.kind === 'restore' && <RestoreDialog org={org} project={dialog.project} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'purge' && <PurgeDialog org={org} project={dialog.project} onClose={() => setDialog(null)} />}
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
      reasonHint={reasonHint}
      onConfirm={(reason) => restore.mutate({ projectId: project.id, reason }, { onSuccess })}
    />
  )
}

function PurgeDialog({ org, project, onClose }: { org: string; project: Deleted; onClose: () => void }) {
  return (
    <ConfirmCall
      title={`Purge ${project.name}?`}
      description="This permanently deletes the project with its members, tokens and data. Nobody can restore it after that. Another project can use its slug at once. Its audit events stay."
      confirmLabel="Purge project"
      typeToConfirm={project.slug}
      call={usePurgeProject(org)}
      sent={{ projectId: project.id, confirm: project.slug }}
      toast={`Purged ${project.name}`}
      toastDetail={`The slug ${project.slug} is free again`}
      onClose={onClose}
    />
  )
}
