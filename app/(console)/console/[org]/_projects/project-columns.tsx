import { ShieldCheck } from 'lucide-react'
import { RoleBadge } from '#components/access/role'
import { type Columns, columnsOf } from '#components/table/columns'
import { Badge } from '#components/ui/badge'
import { Link } from '#components/ui/link'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
import { paths } from '#contract/paths'
import type { ProjectSummary } from '#contract/projects/summaries'
import { FavoriteStar } from './favorite-star.tsx'

const column = columnsOf<ProjectSummary>()

/** Every column can be sorted by. */
export const projectColumns = (org: string): Columns<ProjectSummary> => [
  column.accessor('name', {
    header: 'Project',
    meta: { sort: 'name', className: 'max-w-80' },
    cell: ({ row: { original: project } }) => (
      <span className="-ml-1.5 flex min-w-0 items-center gap-1">
        <FavoriteStar {...{ org, project }} />
        <Link look="quiet" href={paths.project(org, project.slug).overview} className="truncate" title={project.name}>
          {project.name}
        </Link>
        {project.protected && (
          <Badge className="ml-1" icon={<ShieldCheck aria-hidden className="size-3" />}>
            Protected
          </Badge>
        )}
      </span>
    ),
  }),
  column.accessor('slug', {
    header: 'Slug',
    meta: { sort: 'slug', className: 'max-w-60' },
    cell: ({ getValue }) => (
      <Mono quiet copy="slug">
        {getValue()}
      </Mono>
    ),
  }),
  column.accessor('role', {
    header: 'Your role',
    meta: { sort: 'role' },
    cell: ({ getValue }) => <RoleBadge role={getValue()} />,
  }),
  column.accessor('members', {
    header: 'Members',
    meta: { sort: 'members', align: 'right' },
    cell: ({ getValue }) => getValue().toLocaleString('en'),
  }),
  column.accessor('rows', {
    header: 'Rows of data',
    meta: { sort: 'rows', align: 'right' },
    cell: ({ getValue }) => getValue().toLocaleString('en'),
  }),
  column.accessor('lastChangeAt', {
    header: 'Last change',
    meta: { sort: 'lastChangeAt' },
    cell: ({ getValue }) => <Time value={getValue()} />,
  }),
  column.accessor('createdAt', {
    header: 'Created',
    meta: { sort: 'createdAt' },
    cell: ({ getValue }) => <Time value={getValue()} />,
  }),
]
