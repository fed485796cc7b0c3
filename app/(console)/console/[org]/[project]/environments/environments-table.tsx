'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { DataTable } from '#components/table/data-table'
import { ListActions } from '#components/table/list-actions'
import { Button } from '#components/ui/button'
import { ConfirmCall } from '#components/ui/confirm-call'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import type { Ability } from '#contract/common'
import { accessQuery } from '#queries/review/access'
import { environmentsQuery, useDeleteEnvironment } from '#queries/projects/environments'
import { statsQuery } from '#queries/projects/stats'
import { environmentColumns, type EnvironmentRow } from './environment-columns.tsx'

const CreateEnvironmentDialog = lazyDialog(() =>
  import('./create-environment-dialog.tsx').then((module) => module.CreateEnvironmentDialog),
)

type Open = null | { kind: 'create' } | { kind: 'delete'; name: string }

/** Why this environment cannot be deleted, as far as that is known beforehand. */
function deleteReason({ isDefault, entities = 0 }: EnvironmentRow, write: Ability): string | null {
  if (!write.allowed) return write.reason
  if (isDefault) return 'The default environment can’t be deleted'
  return entities > 0 ? `It still contains ${entities.toLocaleString('en')} ${entities === 1 ? 'entity' : 'entities'}` : null
}

/** The project's environments, and the number of entities in each. */
export function EnvironmentsTable({ org, project }: { org: string; project: string }) {
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const { data: access } = useQuery(accessQuery(org, project))
  const { data: stats } = useQuery(statsQuery(org, project))
  const listed = useQuery(environmentsQuery(org, project))
  const write = access?.can['catalog:write']
  const rows = listed.data?.map((environment): EnvironmentRow => {
    const counted = stats?.environments.find(({ name }) => name === environment.name)
    return { ...environment, entities: stats && (counted?.entities ?? 0) }
  })
  return (
    <>
      <PageHeader
        title="Environments"
        description="Each environment keeps its own data. You can limit members and tokens to one of them."
      />
      <ListActions>
        <Button
          variant="primary"
          icon={<Plus className="size-3.5" />}
          disabledReason={write ? write.reason : 'Still loading'}
          onClick={() => setOpen({ kind: 'create' })}
        >
          Create environment
        </Button>
      </ListActions>
      <DataTable
        label="Environments"
        columns={environmentColumns}
        rows={rows}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowActions={(row) => [
          {
            label: 'Delete environment…',
            icon: <Trash2 />,
            danger: true,
            disabledReason: write ? deleteReason(row, write) : 'Still loading',
            onSelect: () => setOpen({ kind: 'delete', name: row.name }),
          },
        ]}
        error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
        empty={
          <EmptyState title="No environments">
            Your access is limited to an environment that doesn’t exist in this project.
          </EmptyState>
        }
      />
      {open?.kind === 'create' && <CreateEnvironmentDialog {...{ org, project }} onClose={close} />}
      {open?.kind === 'delete' && <DeleteEnvironment {...{ org, project }} name={open.name} onClose={close} />}
    </>
  )
}

function DeleteEnvironment({ org, project, name, onClose }: { org: string; project: string; name: string; onClose: () => void }) {
  return (
    <ConfirmCall
      title={`Delete the environment ${name}?`}
      description="This permanently deletes the environment. First delete its data, and make sure that no member or token is limited to it."
      confirmLabel="Delete environment"
      call={useDeleteEnvironment(org, project)}
      sent={name}
      toast={`The environment ${name} was deleted`}
      onClose={onClose}
    />
  )
}
