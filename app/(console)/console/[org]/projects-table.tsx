'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus, ShieldCheck } from 'lucide-react'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useState } from 'react'
import type { ProjectSummary } from '#contract/projects/projects'
import { projectSorts } from '#contract/words'
import { RoleBadge } from '#components/access/role'
import { type Columns, columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import { fromSort, toSort, usePaging } from '#components/table/list-state'
import { Toolbar } from '#components/table/toolbar'
import { Badge } from '#components/ui/badge'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Link } from '#components/ui/link'
import { Mono } from '#components/ui/mono'
import { PageHeader } from '#components/ui/page-header'
import { Time } from '#components/ui/time'
import { paths } from '#contract/paths'
import { organizationAccessQuery, organizationQuery } from '#queries/organizations/organizations'
import { projectSummariesQuery } from '#queries/projects/projects'
import { FirstSteps } from './first-steps.tsx'
import { SampleProjectButton } from './sample-project-button.tsx'

const CreateProjectDialog = lazyDialog(() => import('./create-project.tsx').then((module) => module.CreateProjectDialog))

const column = columnsOf<ProjectSummary>()

const columnsFor = (org: string): Columns<ProjectSummary> => [
  column.accessor('name', {
    header: 'Project',
    meta: { sort: 'name', className: 'max-w-80' },
    cell: ({ row: { original: project } }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Link look="quiet" href={paths.project(org, project.slug).overview} className="truncate">
          {project.name}
        </Link>
        {project.protected && <Badge icon={<ShieldCheck aria-hidden className="size-3" />}>Protected</Badge>}
      </span>
    ),
  }),
  column.accessor('slug', {
    header: 'Slug',
    meta: { className: 'max-w-60' },
    cell: ({ getValue }) => (
      <Mono quiet copy="slug">
        {getValue()}
      </Mono>
    ),
  }),
  column.accessor('role', { header: 'Your role', cell: ({ getValue }) => <RoleBadge role={getValue()} /> }),
  column.accessor('members', {
    header: 'Members',
    meta: { align: 'right' },
    cell: ({ getValue }) => getValue().toLocaleString('en'),
  }),
  column.accessor('rows', {
    header: 'Rows of data',
    meta: { align: 'right' },
    cell: ({ getValue }) => getValue().toLocaleString('en'),
  }),
  column.accessor('lastChangeAt', { header: 'Last change', cell: ({ getValue }) => <Time value={getValue()} /> }),
  column.accessor('createdAt', {
    header: 'Created',
    meta: { sort: 'createdAt' },
    cell: ({ getValue }) => <Time value={getValue()} />,
  }),
]

const loading = 'Still loading'

const filterInUrl = {
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(projectSorts),
}

/** The organization's projects that this person may see. */
export function ProjectsTable({ org }: { org: string }) {
  const [{ q, sort }, setFilter] = useQueryStates(filterInUrl)
  const paging = usePaging(['project', 'projects'])
  const filter = { q: q.trim(), ...(sort && { sort }), limit: 50, cursor: paging.cursor }
  const projects = useQuery({ ...projectSummariesQuery(org, filter), placeholderData: keepPreviousData })
  const organization = useQuery(organizationQuery(org))
  const access = useQuery(organizationAccessQuery(org))
  const [creating, setCreating] = useState(false)
  const change = (next: Parameters<typeof setFilter>[0]) => {
    void setFilter(next)
    paging.toFirst()
  }
  const createButton = (
    <Button
      variant="primary"
      icon={<Plus className="size-3.5" />}
      disabledReason={access.data ? access.data.can['projects:create'].reason : loading}
      onClick={() => setCreating(true)}
    >
      Create project
    </Button>
  )
  return (
    <>
      <PageHeader title="Projects" description={organization.data && `Projects you can access in ${organization.data.name}.`} />
      <Toolbar
        label="Filter projects"
        search={{ value: q, onChange: (text) => change({ q: text || null }), placeholder: 'Find by name or slug' }}
        actions={createButton}
      />
      <DataTable
        label="Projects"
        columns={columnsFor(org)}
        rows={projects.data?.items}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        error={projects.error && { message: projects.error.message, retry: () => void projects.refetch() }}
        stale={projects.isPlaceholderData}
        sort={toSort(sort)}
        onSort={(next) => change({ sort: filterInUrl.sort.parse(fromSort(next) ?? '') })}
        pager={paging.pager(projects.data)}
        empty={
          q ? (
            <EmptyState
              title={`No project matches “${q}”`}
              action={<Button onClick={() => change({ q: null })}>Show all</Button>}
            >
              The search covers names and slugs.
            </EmptyState>
          ) : (
            <EmptyState
              title="No projects yet"
              action={
                <>
                  {createButton}
                  <SampleProjectButton
                    org={org}
                    disabledReason={access.data ? access.data.can['projects:create'].reason : loading}
                  />
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
      {creating && <CreateProjectDialog org={org} onClose={() => setCreating(false)} />}
    </>
  )
}
