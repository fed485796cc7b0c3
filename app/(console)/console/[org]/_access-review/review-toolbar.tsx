'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { roleFilterOptions } from '#components/access/role'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Combobox } from '#components/ui/combobox'
import { Select } from '#components/ui/select'
import type { ReviewKind } from '#contract/review/access-review'
import { reviewReasons } from '#contract/words'
import { projectsQuery } from '#queries/projects/projects'
import { ExportMenu } from '#components/table/export-menu'
import { flags } from './flags.ts'
import type { ReviewFilterState } from './use-review-filter.ts'

const kinds: { value: ReviewKind; label: string }[] = [
  { value: 'person', label: 'people in the organization' },
  { value: 'membership', label: 'project members' },
  { value: 'project-token', label: 'project tokens' },
  { value: 'personal-token', label: 'personal tokens' },
]
const reasonOptions = reviewReasons.map((value) => ({ value, label: flags[value].label }))

/** The options in days; another number from the URL is added. */
const daysToChoose = (usual: readonly number[], chosen: number) =>
  [...new Set([...usual, chosen])].toSorted((a, b) => a - b).map((days) => ({ value: String(days), label: `${days} days` }))

interface ReviewToolbarProps {
  org: string
  /** A project's review has no project filter. */
  project: string | undefined
  filter: ReviewFilterState
  filtered: boolean
  onFilter: (change: Partial<ReviewFilterState> | null) => void
  /** Download URLs of the filtered review. */
  exports: { csv: string; ndjson: string }
}

/** Filters the review, sets its periods, and exports the result. */
export function ReviewToolbar({ org, project, filter, filtered, onFilter, exports }: ReviewToolbarProps) {
  return (
    <Toolbar
      label="Filter access"
      search={{ value: filter.q, onChange: (q) => onFilter({ q }), placeholder: 'Find by name or email' }}
      onClear={filtered ? () => onFilter(null) : undefined}
      actions={<ExportMenu {...exports} />}
    >
      {project === undefined && (
        <ProjectFilter org={org} value={filter.project} onChange={(among) => onFilter({ project: among })} />
      )}
      <ToolbarFilter label="Flags" options={reasonOptions} value={filter.reason} onChange={(reason) => onFilter({ reason })} />
      <ToolbarFilter label="Kind" options={kinds} value={filter.kind} onChange={(kind) => onFilter({ kind })} />
      <ToolbarFilter label="Role" options={roleFilterOptions} value={filter.role} onChange={(role) => onFilter({ role })} />
      <Select
        label="Inactive for"
        prefix="Inactive for"
        options={daysToChoose([30, 60, 90, 180, 365], filter.days)}
        value={String(filter.days)}
        onChange={(days) => onFilter({ days: Number(days) })}
        className="w-auto! border-line! bg-raised"
      />
      <Select
        label="Expires within"
        prefix="Expires within"
        options={daysToChoose([7, 14, 30, 90], filter.within)}
        value={String(filter.within)}
        onChange={(within) => onFilter({ within: Number(within) })}
        className="w-auto! border-line! bg-raised"
      />
    </Toolbar>
  )
}

interface ProjectFilterProps {
  org: string
  value: string | null
  onChange: (project: string | null) => void
}

function ProjectFilter({ org, value, onChange }: ProjectFilterProps) {
  const [typed, setTyped] = useState('')
  const { data = [] } = useQuery({ ...projectsQuery(org, typed.trim()), placeholderData: keepPreviousData })
  const options = data.map(({ slug, name }) => ({ value: slug, label: name, hint: slug }))
  const listed =
    value === null || options.some((option) => option.value === value) ? options : [{ value, label: value }, ...options]
  return (
    <div className="w-full *:border-line! sm:w-52">
      <Combobox
        label="Project"
        placeholder="Any project"
        clearable
        options={listed}
        value={value}
        onChange={onChange}
        onSearch={setTyped}
        empty="No project matches"
      />
    </div>
  )
}
