'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Toolbar } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Notice } from '#components/ui/notice'
import { Select } from '#components/ui/select'
import { SkeletonRows } from '#components/ui/skeleton'
import { accessQuery } from '#queries/review/access'
import { cellsQuery, cellUsageQuery } from '#queries/catalog/cells'
import type { CatalogTabProps } from '../catalog-part.ts'
import { useCatalogPlace } from '../use-catalog-place.ts'
import { useEnvironment } from '../use-environment.ts'
import { CellTree } from './cell-tree.tsx'
import { withUsage } from './cell-row.ts'

const CellPanel = lazyDialog(() => import('./cell-panel.tsx').then((module) => module.CellPanel))

/** The hierarchy of cells, with their usage in one environment. */
export function CellsTab({ org, project, can }: CatalogTabProps) {
  const { tab, open, toPart } = useCatalogPlace()
  const { envName, setEnv, names } = useEnvironment(org, project)
  const [text, setText] = useState('')
  const access = useQuery(accessQuery(org, project))
  const cells = useQuery(cellsQuery(org, project))
  const usage = useQuery({ ...cellUsageQuery(org, project, envName ?? ''), enabled: envName !== undefined })
  const rows = useMemo(() => cells.data && withUsage(cells.data, usage.data), [cells.data, usage.data])
  const failed = cells.error ?? usage.error
  const narrowed = access.data?.cellScopes ?? null
  return (
    <>
      <Toolbar
        label="Filter cells"
        search={{ value: text, onChange: setText, placeholder: 'Search cells' }}
        actions={
          <Select
            label="Environment"
            prefix="Environment"
            value={envName ?? null}
            onChange={setEnv}
            options={names.map((name) => ({ value: name, label: name }))}
            className="w-auto! max-w-60 border-line!"
          />
        }
      />
      {failed && (
        <div className="mb-3">
          <Notice tone="warning" action={<Button onClick={() => void (cells.error ? cells : usage).refetch()}>Try again</Button>}>
            {failed.message}
          </Notice>
        </div>
      )}
      {narrowed !== null && (
        <p className="mb-3 text-muted">
          Your access is limited to some cells. Counts and capacity include only what you can see.
        </p>
      )}
      <div className="overflow-hidden rounded-lg border border-line bg-raised">
        {rows === undefined ? (
          !failed && (
            <div className="px-4">
              <SkeletonRows label="Loading cells" />
            </div>
          )
        ) : rows.length === 0 ? (
          <EmptyState title="No cells">
            A cell is a group of entities of one type, chosen by hand or by a property. You can limit members and tokens to cells,
            and give a cell limits.
          </EmptyState>
        ) : (
          <CellTree rows={rows} search={text.trim()} onOpen={(name) => toPart(name)} />
        )}
      </div>
      <CellPanel
        {...{ org, project, can, envName, names }}
        onEnv={setEnv}
        cell={rows?.find(({ name }) => name === open)}
        cells={rows ?? []}
        open={tab === 'cells' && open !== null && rows !== undefined}
        onClose={() => toPart(null)}
      />
    </>
  )
}
