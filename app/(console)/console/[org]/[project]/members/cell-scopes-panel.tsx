'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CellPicker } from '#components/access/cell-picker'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { RadioGroup } from '#components/ui/radio-group'
import { SidePanel } from '#components/ui/side-panel'
import { SkeletonRows } from '#components/ui/skeleton'
import { useToast } from '#components/ui/toast'
import { Unsaved } from '#components/ui/unsaved'
import { useSetCellScopes } from '#queries/members/members'
import { statsQuery } from '#queries/projects/stats'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'
import { ScopePreview } from './scope-preview.tsx'

const choices = [
  { value: 'all', label: 'All cells', hint: 'All entities, including those not in a cell' },
  { value: 'some', label: 'Only these cells', hint: 'Includes their child cells. Entities not in a cell are hidden.' },
] as const

/** Compares lists of cells regardless of order. */
const sameCells = (a: readonly string[] | null, b: readonly string[] | null) =>
  a === null || b === null ? a === b : a.length === b.length && a.every((cell) => b.includes(cell))

/** Limits a member to cells, and shows before saving how many entities they will see. */
export function CellScopesPanel({ org, project, member, onClose }: InProject & { member: MemberRow }) {
  const { userId, name, cellScopes, envName } = member
  const toast = useToast()
  const save = useSetCellScopes(org, project)
  const stats = useQuery(statsQuery(org, project))
  const [everything, setEverything] = useState(cellScopes === null)
  // Kept while "All cells" is selected, so that switching back restores the list.
  const [listed, setListed] = useState<string[]>(cellScopes ?? [])
  const cells = everything ? null : listed
  const changed = !sameCells(cells, cellScopes)
  const onSuccess = () => {
    toast(`The cells of ${name} were changed`)
    onClose()
  }
  return (
    <SidePanel
      open
      onOpenChange={onClose}
      title={`Cells of ${name}`}
      description={`${member.email}, in ${envName === null ? 'all environments' : `the environment ${envName}`}`}
      footer={
        <>
          <div className="mr-auto min-w-0">
            <ScopePreview {...{ org, project, name, envName, changed }} before={cellScopes} after={cells} />
          </div>
          <Button onClick={() => onClose()}>Cancel</Button>
          <Button
            variant="primary"
            pending={save.isPending}
            disabledReason={changed ? null : 'Nothing has changed'}
            onClick={() => save.mutate({ userId, cellScopes: cells }, { onSuccess })}
          >
            Save cells
          </Button>
        </>
      }
    >
      <Unsaved when={changed} />
      <div className="space-y-4">
        <RadioGroup
          label="Which cells"
          options={choices}
          value={everything ? 'all' : 'some'}
          onChange={(choice) => setEverything(choice === 'all')}
        />
        {!everything && listed.length === 0 && (
          <Notice tone="warning">No cells are chosen, so {name} can’t see any entities.</Notice>
        )}
        {!everything && stats.data && <CellPicker cells={stats.data.cells} value={listed} onChange={setListed} />}
        {!everything && stats.isPending && <SkeletonRows label="Loading cells" />}
        {stats.error && <Notice tone="warning">{stats.error.message}</Notice>}
        {save.error && <Notice tone="warning">{save.error.message}</Notice>}
      </div>
    </SidePanel>
  )
}
