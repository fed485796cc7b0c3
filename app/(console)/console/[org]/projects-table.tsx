'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Copy, Plus } from 'lucide-react'
import { useState } from 'react'
import { roleFilterOptions } from '#components/access/role'
import { DataTable } from '#components/table/data-table'
import { fromSort, toSort, usePaging } from '#components/table/list-state'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import type { ProjectSummary } from '#contract/projects/summaries'
import { organizationAccessQuery, organizationQuery } from '#queries/organizations/organizations'
import { projectCountQuery, projectSummariesQuery } from '#queries/projects/projects'
import { projectColumns } from './_projects/project-columns.tsx'
import { ProjectStrip } from './_projects/project-strip.tsx'
import {
  type ProjectsFilterState,
  activities,
  asSort,
  favorites,
  protections,
  useProjectsFilter,
} from './_projects/use-projects-filter.ts'
import { FirstSteps } from './first-steps.tsx'
import { SampleProjectButton } from './sample-project-button.tsx'

const CreateProjectDialog = lazyDialog(() => import('./create-project.tsx').then((module) => module.CreateProjectDialog))

const loading = 'Still loading'
const unfiltered = { q: '', role: null, protected: null, activity: null, favorite: null } as const

/** The organization's projects that this person may see. */
export function ProjectsTable({ org }: { org: string }) {
  const { state, sort, setFilter, filter, isFiltered } = useProjectsFilter()
  const paging = usePaging(['project', 'projects'])
  const projects = useQuery({
    ...projectSummariesQuery(org, { ...filter, ...(sort && { sort }), limit: 50, cursor: paging.cursor }),
    placeholderData: keepPreviousData,
  })
  const count = useQuery({ ...projectCountQuery(org, filter), placeholderData: keepPreviousData })
  const organization = useQuery(organizationQuery(org))
  const access = useQuery(organizationAccessQuery(org))
  const [creating, setCreating] = useState<null | { from?: ProjectSummary }>(null)
  const change = (next: Partial<ProjectsFilterState> | null) => {
    void setFilter(next)
    paging.toFirst()
  }
  const mayCreate = access.data ? access.data.can['projects:create'].reason : loading
  const createButton = (
    <Button variant="primary" icon={<Plus className="size-3.5" />} disabledReason={mayCreate} onClick={() => setCreating({})}>
      Create project
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Projects"
        meta={count.data && <output className="text-muted tabular-nums">{inWords(count.data.projects)}</output>}
        description={organization.data && `Projects you can access in ${organization.data.name}.`}
      />
      <ProjectStrip org={org} />
      <Toolbar
        label="Filter projects"
        search={{ value: state.q, onChange: (q) => change({ q }), placeholder: 'Find by name or slug' }}
        onClear={isFiltered ? () => change(unfiltered) : undefined}
        actions={createButton}
      >
        <ToolbarFilter label="Role" options={roleFilterOptions} value={state.role} onChange={(role) => change({ role })} />
        <ToolbarFilter
          label="Protection"
          options={protections}
          value={state.protected}
          onChange={(value) => change({ protected: value })}
        />
        <ToolbarFilter
          label="Activity"
          options={activities}
          value={state.activity}
          onChange={(activity) => change({ activity })}
        />
        <ToolbarFilter
          label="Favorites"
          options={favorites}
          value={state.favorite}
          onChange={(favorite) => change({ favorite })}
        />
      </Toolbar>
      <DataTable
        label="Projects"
        columns={projectColumns(org)}
        rows={projects.data?.items}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        rowActions={(from) => [
          {
            label: 'Clone structure…',
            icon: <Copy />,
            disabledReason: mayCreate,
            onSelect: () => setCreating({ from }),
          },
        ]}
        error={projects.error && { message: projects.error.message, retry: () => void projects.refetch() }}
        stale={projects.isPlaceholderData}
        sort={toSort(sort ?? 'createdAt')}
        onSort={(next) => change({ sort: asSort(fromSort(next)) })}
        pager={paging.pager(projects.data)}
        empty={
          isFiltered ? (
            <EmptyState
              title={state.q ? `No project matches “${state.q}”` : 'No project matches'}
              action={<Button onClick={() => change(unfiltered)}>Show all</Button>}
            >
              {state.q && 'The search covers names and slugs.'}
            </EmptyState>
          ) : (
            <EmptyState
              title="No projects yet"
              action={
                <>
                  {createButton}
                  <SampleProjectButton org={org} disabledReason={mayCreate} />
                </>
              }
            >
              {access.data?.can['projects:create'].allowed
                ? 'A project holds environments, cells and their data, and controls who can access them.'
                : 'You see a project here once someone adds you to it.'}
            </EmptyState>
          )
        }
      />
      <FirstSteps org={org} />
      {creating && <CreateProjectDialog {...{ org }} from={creating.from} onClose={() => setCreating(null)} />}
    </>
  )
}

const inWords = (projects: number) => `${projects.toLocaleString('en')} ${projects === 1 ? 'project' : 'projects'}`
