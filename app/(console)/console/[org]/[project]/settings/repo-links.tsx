'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { EmptyState } from '#components/ui/empty-state'
import { Mono } from '#components/ui/mono'
import { Section } from '#components/ui/section'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import type { Access } from '#contract/review/access'
import type { RepoLink } from '#contract/projects/repo-links'
import { repoLinksQuery, useDeleteRepoLink } from '#queries/projects/repo-links'
import { providerName } from './provider-names.ts'

const AddRepoLink = lazyDialog(() => import('./add-repo-link.tsx').then((module) => module.AddRepoLink))

const empty = (
  <EmptyState title="No linked repositories">Link the repository that holds the definition of this project.</EmptyState>
)

const column = columnsOf<RepoLink>()
const columns = [
  column.accessor('repository', {
    header: 'Repository',
    meta: { className: 'max-w-72' },
    cell: ({ getValue }) => (
      <Mono copy="repository" full={getValue()}>
        {getValue()}
      </Mono>
    ),
  }),
  column.accessor('provider', { header: 'Provider', cell: (cell) => providerName(cell.getValue()) }),
  column.accessor('branch', {
    header: 'Branch',
    meta: { className: 'max-w-40' },
    cell: (cell) => <Mono full={cell.getValue()}>{cell.getValue()}</Mono>,
  }),
  column.accessor('path', {
    header: 'Path',
    meta: { className: 'max-w-40' },
    cell: (cell) => <Mono full={cell.getValue()}>{cell.getValue()}</Mono>,
  }),
  column.accessor('createdAt', { header: 'Linked', cell: (cell) => <Time value={cell.getValue()} /> }),
]

type Dialog = null | { kind: 'add' } | { kind: 'remove'; link: RepoLink }

export function RepoLinks({ org, project, can }: { org: string; project: string; can: Access['can'] }) {
  const links = useQuery(repoLinksQuery(org, project))
  const remove = useDeleteRepoLink(org, project)
  const [dialog, setDialog] = useState<Dialog>(null)
  const toast = useToast()
  const off = can['project:update'].reason
  const close = () => {
    setDialog(null)
    remove.reset()
  }
  return (
    <Section
      title="Repositories"
      description="Where the definition of this project is kept. A nuke doesn’t remove these links."
      flush
      actions={
        <Button disabledReason={off} onClick={() => setDialog({ kind: 'add' })}>
          Link a repository
        </Button>
      }
    >
      <DataTable
        label="Linked repositories"
        bare
        unbounded
        expected={1}
        columns={columns}
        rows={links.data}
        rowId={(link) => link.id}
        rowName={(link) => link.repository}
        empty={empty}
        error={links.isError ? { message: links.error.message, retry: () => void links.refetch() } : null}
        rowActions={(link) => [
          { label: 'Remove…', danger: true, disabledReason: off, onSelect: () => setDialog({ kind: 'remove', link }) },
        ]}
      />
      <AddRepoLink org={org} project={project} open={dialog?.kind === 'add'} onClose={close} />
      <ConfirmDialog
        open={dialog?.kind === 'remove'}
        onOpenChange={close}
        title={dialog?.kind === 'remove' ? `Remove the link to ${dialog.link.repository}?` : ''}
        description="This removes the link only. The repository and the data of this project stay."
        confirmLabel="Remove link"
        pending={remove.isPending}
        error={remove.error?.message}
        onConfirm={() => {
          if (dialog?.kind !== 'remove') return
          const { id, repository } = dialog.link
          remove.mutate(id, {
            onSuccess: () => {
              close()
              toast(`${repository} is no longer linked`)
            },
          })
        }}
      />
    </Section>
  )
}
