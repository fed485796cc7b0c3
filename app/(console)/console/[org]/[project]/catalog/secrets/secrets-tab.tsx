'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQueries } from '@tanstack/react-query'
import { KeyRound, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { SkeletonRows } from '#components/ui/skeleton'
import { EmptyState } from '#components/ui/empty-state'
import { Select } from '#components/ui/select'
import type { Secret } from '#contract/catalog/secrets'
import { secretsQuery } from '#queries/catalog/secrets'
import type { CatalogTabProps } from '../catalog-part.ts'
import { PartLink } from '../part-link.tsx'
import { Description } from '../property-table.tsx'
import { useCatalogPlace } from '../use-catalog-place.ts'
import { useEnvironment } from '../use-environment.ts'
import { ValueState } from './value-state.tsx'

const SecretPanel = lazyDialog(() => import('./secret-panel.tsx').then((module) => module.SecretPanel))

const DeleteSecretDialog = lazyDialog(() => import('./delete-secret-dialog.tsx').then((module) => module.DeleteSecretDialog))

/** A slot, and its state in each environment shown. */
interface SecretRow extends Secret {
  values: Record<string, string | null>
}

/** Up to this number, environments are columns; above it, the user picks one. */
const sideBySide = 5

const column = columnsOf<SecretRow>()

const columnsFor = (environments: readonly string[]): Columns<SecretRow> => [
  column.accessor('name', { header: 'Name', cell: ({ getValue }) => <OpenSecret name={getValue()} /> }),
  column.accessor('description', {
    header: 'Description',
    meta: { className: 'max-w-80' },
    cell: ({ getValue }) => <Description text={getValue()} />,
  }),
  ...environments.map((name) =>
    column.display({
      id: `value in ${name}`,
      header: name,
      cell: ({ row }) => <ValueState setAt={row.original.values[name] ?? null} />,
    }),
  ),
]

function OpenSecret({ name }: { name: string }) {
  const { toPart } = useCatalogPlace()
  return <PartLink name={name} onOpen={() => toPart(name)} />
}

type Open = null | { kind: 'delete'; name: string }

/** The secret slots, and where they have a value. */
export function SecretsTab({ org, project, can }: CatalogTabProps) {
  const { tab, open, toPart } = useCatalogPlace()
  const { envName, setEnv, names } = useEnvironment(org, project)
  const [dialog, setDialog] = useState<Open>(null)
  const read = can?.['secrets:read']
  const shown = useMemo(() => (names.length <= sideBySide ? names : envName ? [envName] : []), [names, envName])
  const lists = useQueries({
    queries: shown.map((name) => ({ ...secretsQuery(org, project, name), enabled: read?.allowed ?? false })),
  })
  const columns = useMemo(() => columnsFor(shown), [shown])
  const failed = lists.find(({ error }) => error)
  const rows = lists.every(({ data }) => data)
    ? lists[0]?.data?.map((secret): SecretRow => {
        const setAt = (place: number) => lists[place]?.data?.find(({ name }) => name === secret.name)?.valueSetAt ?? null
        return { ...secret, values: Object.fromEntries(shown.map((name, place) => [name, setAt(place)])) }
      })
    : undefined
  if (read?.allowed === false) {
    return (
      <div className="rounded-lg border border-line bg-raised">
        <EmptyState title="You can’t see the secrets">{read.reason}.</EmptyState>
      </div>
    )
  }
  // The environments are the columns, so no table has its shape before they are known.
  if (names.length === 0) return <SkeletonRows label="Loading secrets" rows={8} />
  const write = can?.['secrets:write']
  return (
    <>
      {names.length > sideBySide && (
        <div className="mb-3 flex justify-end">
          <Select
            label="Environment"
            prefix="Environment"
            value={envName ?? null}
            onChange={setEnv}
            options={names.map((name) => ({ value: name, label: name }))}
            className="w-auto! max-w-60 border-line!"
          />
        </div>
      )}
      <DataTable
        label="Secrets"
        columns={columns}
        rows={rows}
        rowId={({ name }) => name}
        rowName={({ name }) => name}
        onOpen={({ name }) => toPart(name)}
        rowActions={({ name }) => [
          { label: 'Values…', icon: <KeyRound />, onSelect: () => toPart(name) },
          {
            label: 'Delete secret…',
            icon: <Trash2 />,
            danger: true,
            disabledReason: write ? write.reason : 'Still loading',
            onSelect: () => setDialog({ kind: 'delete', name }),
          },
        ]}
        error={failed?.error && { message: failed.error.message, retry: () => void failed.refetch() }}
        empty={
          <EmptyState title="No secrets">
            A secret has a value of its own in each environment. Apply a document to create a secret; set its values here. Values
            are never shown again.
          </EmptyState>
        }
      />
      <SecretPanel
        {...{ org, project, can, names }}
        secret={rows?.find(({ name }) => name === open)}
        open={tab === 'secrets' && open !== null && rows !== undefined}
        onClose={() => toPart(null)}
        onDelete={(name) => setDialog({ kind: 'delete', name })}
      />
      {dialog?.kind === 'delete' && (
        <DeleteSecretDialog
          {...{ org, project }}
          envName={shown[0] ?? 'default'}
          name={dialog.name}
          onDeleted={() => toPart(null)}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  )
}
