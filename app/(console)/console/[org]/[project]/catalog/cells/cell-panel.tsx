import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { LimitedToCells } from '#components/catalog/limited-to-cells'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { Link } from '#components/ui/link'
import { Meter } from '#components/ui/meter'
import { Notice } from '#components/ui/notice'
import { Select } from '#components/ui/select'
import { SkeletonText } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import { paths } from '#contract/paths'
import { firstCellMembersQuery, useDeleteCell } from '#queries/catalog/cells'
import type { CatalogTabProps } from '../catalog-part.ts'
import { Parts } from '../entity-types/entity-type-panel.tsx'
import { PartLink } from '../part-link.tsx'
import { PanelSection, PartPanel } from '../part-panel.tsx'
import { useCatalogPlace } from '../use-catalog-place.ts'
import { type CellRow, membershipInWords } from './cell-row.ts'

interface CellPanelProps extends CatalogTabProps {
  cell: CellRow | undefined
  cells: readonly CellRow[]
  /** The environment whose members are shown; one of `names`. */
  envName: string | undefined
  names: readonly string[]
  onEnv: (name: string) => void
  open: boolean
  onClose: () => void
}

/** One cell in full: its place, its membership rule, its usage, and its first members. */
export function CellPanel({ org, project, can, cell, cells, envName, names, onEnv, open, onClose }: CellPanelProps) {
  const [force, setForce] = useState(false)
  const { mutate, reset, isPending, error } = useDeleteCell(org, project)
  const limited = error?.code === 'cell_in_scope' ? error : undefined
  // Shows the cell itself, without the values computed for its row.
  const part = useMemo(() => {
    if (!cell) return undefined
    const { usage: _, entities: __, ...rest } = cell
    return rest
  }, [cell])
  return (
    <PartPanel
      {...{ org, project, can, open, onClose, part }}
      remove={{
        isPending,
        error,
        mutate: (name, options) => mutate({ name, force: limited !== undefined && force }, options),
        reset: () => {
          setForce(false)
          reset()
        },
      }}
      question={
        limited && {
          content: <LimitedToCells names={limited.details.map(({ message }) => message)} force={force} onForce={setForce} />,
          disabledReason: force ? null : 'Confirm that it should be deleted anyway',
        }
      }
      what="cell"
      removal="Its entities stay, but people and tokens limited to this cell no longer see them. A cell with child cells can’t be deleted."
    >
      {cell && (
        <>
          <Facts cell={cell} cells={cells} />
          <PanelSection title="Capacity" actions={envName && <span className="text-xs text-muted">in {envName}</span>}>
            <Limits cell={cell} />
          </PanelSection>
          <PanelSection
            title="Entities"
            actions={
              <Select
                size="sm"
                label="Environment of the entities"
                prefix="Environment"
                value={envName ?? null}
                onChange={onEnv}
                options={names.map((name) => ({ value: name, label: name }))}
                className="w-auto!"
              />
            }
          >
            {envName !== undefined && <Members {...{ org, project, envName, cell }} />}
          </PanelSection>
        </>
      )}
    </PartPanel>
  )
}

function Facts({ cell, cells }: { cell: CellRow; cells: readonly CellRow[] }) {
  const { toPart } = useCatalogPlace()
  const children = cells.filter(({ parentCells }) => parentCells.includes(cell.name)).map(({ name }) => name)
  return (
    <DescriptionList
      items={[
        {
          label: 'Entity type',
          value: <PartLink panel name={cell.entityType} onOpen={() => toPart(cell.entityType, 'types')} />,
        },
        {
          label: 'Membership rule',
          value: cell.membership ? (
            <>
              every {cell.entityType} with <code className="text-xs">{membershipInWords(cell)}</code>
            </>
          ) : (
            'entities that are added by hand'
          ),
        },
        { label: 'Placement', value: cell.placementPolicy },
        { label: 'Parents', value: <Parts names={cell.parentCells} onOpen={(name) => toPart(name)} /> },
        { label: 'Children', value: <Parts names={children} onOpen={(name) => toPart(name)} /> },
        { label: 'Created', value: <Time value={cell.createdAt} /> },
        { label: 'Updated', value: <Time value={cell.updatedAt} /> },
      ]}
    />
  )
}

function Limits({ cell: { constraints, usage } }: { cell: CellRow }) {
  if (constraints.length === 0) return <p className="text-muted">No limits.</p>
  if (!usage) return <SkeletonText label="Loading capacity" lines={constraints.length} />
  return (
    <ul className="space-y-3">
      {usage.constraints.map(({ metric, aggregate, value, max }) => (
        <li key={`${aggregate} ${metric} ${max}`}>
          <Meter label={`${aggregate} of ${metric}`} value={value} max={max} />
        </li>
      ))}
    </ul>
  )
}

function Members({ org, project, envName, cell }: { org: string; project: string; envName: string; cell: CellRow }) {
  const members = useQuery(firstCellMembersQuery(org, project, cell.name, envName))
  const all = `${paths.project(org, project).data}?${new URLSearchParams({ env: envName, cell: cell.name })}`
  if (members.error) {
    return (
      <Notice tone="warning" action={<Button onClick={() => void members.refetch()}>Try again</Button>}>
        {members.error.message}
      </Notice>
    )
  }
  if (!members.data) return <SkeletonText label="Loading entities" />
  const { items } = members.data
  const count = cell.usage?.entities ?? items.length
  if (items.length === 0) return <p className="text-muted">No entities in {envName}.</p>
  return (
    <>
      <ul aria-label="Entities" className="divide-y divide-line rounded-md border border-line">
        {items.map(({ id, name, state }) => (
          <li key={id} className="flex h-8 items-center justify-between gap-3 px-3">
            <code className="min-w-0 truncate text-xs">{name}</code>
            <span className="text-xs text-muted">{state}</span>
          </li>
        ))}
      </ul>
      <p className="mt-2">
        <Link href={all}>{count > items.length ? `View all ${count.toLocaleString('en')} in Data` : 'View in Data'}</Link>
      </p>
    </>
  )
}
