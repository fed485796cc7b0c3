import { z } from 'zod'
import { Id } from '../common.ts'
import { v1Operation } from './operation.ts'
import { IdOrNone } from './registered.ts'

/** What a client may search for. Bulkhead finds nothing of a kind that it does not have. */
const Resource = z.enum([
  'agent',
  'cluster_object',
  'config_section',
  'core_instance',
  'environment',
  'fleet',
  'member',
  'pipeline',
  'pipeline_secret',
  'resource_profile',
  'trace_session',
])

export const V1SearchQuery = z.object({
  project_id: IdOrNone.optional().describe('Default: the project of the token.'),
  resource: Resource.describe('Kinds other than agent, core_instance, environment and member have no matches.'),
  term: z
    .string()
    .max(1000)
    .optional()
    .describe(
      'A name or an ID. What has exactly this name or ID is the whole result; otherwise every name that contains it matches, in upper or lower case. Default: everything.',
    ),
  exact: z
    .enum(['true', 'false', ''])
    .optional()
    .transform((text) => text === 'true')
    .describe('`true`: only what has exactly this name or ID.'),
})
export type V1SearchQuery = z.output<typeof V1SearchQuery>

const Found = z.object({ id: Id, name: z.string() })
export type Found = z.infer<typeof Found>
/** Older clients read `ID` and `Name`. */
const FoundInV1 = Found.extend({ ID: Id, Name: z.string() })

const tag = 'Search (v1)'
const common = {
  method: 'GET',
  tag,
  description: 'Returns all matches, sorted by name.',
  credential: 'either',
  permission: 'project:read',
  projectInQuery: true,
  query: V1SearchQuery,
  invalid: { project_id: 'invalid project ID', resource: 'unknown search resource' },
  errors: { 404: 'project not found' },
} as const

export const v1SearchOperations = {
  v1: v1Operation({
    ...common,
    path: '/v1/search',
    summary: 'Find things of a project by name or ID, with each field twice',
    returns: FoundInV1.array(),
  }),
  v2: v1Operation({
    ...common,
    path: '/v2/search',
    summary: 'Find things of a project by name or ID',
    returns: Found.array(),
  }),
}
