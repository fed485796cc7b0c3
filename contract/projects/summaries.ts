import { z } from 'zod'
import { PageQuery, Role, Time } from '../common.ts'
import { operation } from '../operation.ts'
import { projectActivities, summarySorts } from '../words.ts'
import { Project } from './projects.ts'

/** A project as the console lists it, with its contents and what it is to the caller. */
export const ProjectSummary = Project.extend({
  role: Role,
  members: z.int(),
  rows: z.int(),
  protected: z.boolean(),
  favorite: z.boolean().describe('Whether the caller keeps it among their favorites.'),
  lastChangeAt: Time,
})
export type ProjectSummary = z.infer<typeof ProjectSummary>

const yesOrNo = z.enum(['yes', 'no'])

const filter = {
  q: z.string().max(100).optional().describe('Only projects whose name or slug contains this, ignoring case.'),
  role: Role.optional().describe('Only projects in which the caller has this role.'),
  protected: yesOrNo.optional().describe('Only projects that are, or are not, protected from nuke and deletion.'),
  activity: z
    .enum(projectActivities)
    .optional()
    .describe('Only projects that changed within so many days; `idle`: that have not changed for 90 days.'),
  favorite: yesOrNo.optional().describe('Only the favorites of the caller, or all others.'),
}

export const SummaryQuery = PageQuery.extend({
  ...filter,
  sort: z
    .enum(summarySorts)
    .default('createdAt')
    .describe('By `rows`, projects in which the caller is limited to an environment or cells come last.'),
})
export type SummaryQuery = z.infer<typeof SummaryQuery>

export const SummaryFilter = z.strictObject(filter)
export type SummaryFilter = z.infer<typeof SummaryFilter>

/** The most favorites that a person has in one organization. */
export const MOST_FAVORITES = 100

export const Favorite = z.object({ favorite: z.boolean() })

const tag = 'Projects'
const favorite = '/orgs/{orgId}/favorites/{projectId}'

export const summaryOperations = {
  list: operation({
    method: 'GET',
    path: '/orgs/{orgId}/project-summaries',
    tag,
    summary: 'List projects with their counts',
    permission: 'projects:list',
    query: SummaryQuery,
    returns: ProjectSummary.array(),
  }),
  count: operation({
    method: 'GET',
    path: '/orgs/{orgId}/project-count',
    tag,
    summary: 'Count the projects that a list of them would show',
    permission: 'projects:list',
    query: SummaryFilter,
    returns: z.object({ projects: z.int() }),
  }),
  keep: operation({
    method: 'PUT',
    path: favorite,
    tag,
    summary: 'Add a project to your favorites',
    permission: 'projects:list',
    description: `For the caller alone. At most ${MOST_FAVORITES} in an organization.`,
    returns: Favorite,
    errors: { 409: '`too_many_favorites`' },
  }),
  forget: operation({
    method: 'DELETE',
    path: favorite,
    tag,
    summary: 'Remove a project from your favorites',
    permission: 'projects:list',
    returns: Favorite,
  }),
}
