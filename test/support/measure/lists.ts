import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import type { Grown } from './grown.ts'

/** Whose credential asks: the organization's owner by default. */
type Caller = 'owner' | 'few' | 'all' | 'token'

/** The queries of an operation, each as it stands in the URL, and who asks if not the owner. */
type Asked = (string | [query: string, as: Caller])[]

const page = 'limit=100'
const none = 'q=no-such-thing'
const review = ['', 'userId=:few', 'sort=-seen', 'sort=expires', 'reason=never-used', 'kind=person', none]
const audit = [
  '',
  'action=project.nuked',
  'action=project.restored',
  'actor=:few',
  'actor=:nobody',
  'target=node-77',
  'target=no-such-thing',
  'requestId=request-77',
  'requestId=no-such-thing',
  'from=2026-01-01T00:00:10Z&to=2026-01-01T00:00:20Z',
]
const projects: Asked = [
  '',
  'sort=name',
  'sort=-name',
  'sort=-createdAt',
  none,
  'q=77',
  ['', 'few'],
  ['', 'all'],
  ['sort=name', 'few'],
  ['sort=name', 'all'],
  [none, 'few'],
]

/** What every list of the contract is asked, with a limit of 100 rows. */
const asked: Record<string, Asked> = {
  'GET /orgs': [''],
  'GET /orgs/{orgId}/members': ['', none, 'q=person-77@', 'role=admin', 'role=viewer', 'secondFactor=yes'],
  'GET /orgs/{orgId}/invitations': ['', 'email=invited-77@grown.test', 'state=accepted', 'state=expired', 'state=revoked'],
  'GET /orgs/{orgId}/projects': projects,
  'GET /orgs/{orgId}/project-summaries': [
    ...projects,
    'sort=slug',
    'favorite=yes',
    'protected=yes',
    'activity=30',
    ['role=owner', 'few'],
  ],
  'GET /orgs/{orgId}/deleted-projects': [''],
  'GET /orgs/{orgId}/projects/{projectId}/members': [
    '',
    none,
    'q=person-77@',
    'role=owner',
    'role=admin',
    'env=env-1',
    'scope=some',
  ],
  'GET /orgs/{orgId}/access-review/people': ['', none, 'mark=everything', 'state=changed'],
  'GET /orgs/{orgId}/access-review/risks': [''],
  'GET /orgs/{orgId}/access-review': [...review, 'project=big'],
  'GET /orgs/{orgId}/projects/{projectId}/access-review': review,
  'GET /orgs/{orgId}/projects/{projectId}/wipes': [''],
  'GET /{o}/{p}/tokens': ['', none, 'q=token 77'],
  'GET /orgs/{orgId}/projects/{projectId}/tokens': [''],
  'GET /{o}/{p}/environments': [''],
  'GET /{o}/{p}/entity-types': [''],
  'GET /{o}/{p}/cells': ['', none],
  'GET /{o}/{p}/cells/{name}/members': [''],
  'GET /{o}/{p}/envs/{envName}/entities': ['', 'entityType=type-7', 'state=failed', 'cell=cell-1', 'label=rare:yes', none],
  'GET /{o}/{p}/relationship-types': [''],
  'GET /{o}/{p}/envs/{envName}/relationships': [
    '',
    'relationshipType=relation-7',
    'state=down',
    'from=:entity',
    'to=:entity',
    'entity=:entity',
  ],
  'GET /{o}/{p}/envs/{envName}/secrets': [''],
  'GET /{o}/{p}/catalog-revisions': [''],
  'GET /{o}/{p}/audit-events': audit,
  'GET /orgs/{orgId}/audit-events': [...audit, 'project=big'],
  'GET /orgs/{orgId}/webhooks': [''],
  'GET /orgs/{orgId}/webhooks/{webhookId}/deliveries': ['', 'state=failed', 'state=pending'],
  'GET /{o}/{p}/repo-links': [''],
  'GET /me/notices': ['', 'unread=true'],
  'GET /v1/projects': [
    ['last=100', 'all'],
    ['last=100', 'few'],
    ['last=100&name=no-such-thing', 'all'],
  ],
  'GET /v1/projects/{projectID}/tokens': ['last=100', 'last=100&name=no-such-thing'],
  'GET /v1/projects/{projectID}/members': ['last=100'],
  'GET /v1/projects/{projectID}/environments': ['last=100', 'last=100&name=no-such-thing'],
  'GET /v1/projects/{projectID}/agents': [
    'last=100',
    'last=100&name=no-such-thing',
    'last=100&tags_query=rare',
    'last=100&environment_id=:environment',
    'last=100&fleet_id=:nobody',
  ],
  'GET /v1/projects/{projectID}/core_instances': ['last=100', 'last=100&name=no-such-thing', 'last=100&tags_query=rare'],
  'GET /v1/projects/{projectID}/aggregators': ['last=100', 'last=100&name=no-such-thing', 'last=100&tags_query=rare'],
  'GET /v1/agents/{agentID}/errors': ['last=100'],
  'GET /v1/projects/{projectID}/audit_logs': [
    'first=100',
    'first=100&action=CREATE',
    'first=100&url=/no-such-thing',
    'first=100&identity[kind]=system',
  ],
  'GET /v1/search': ['agent', 'core_instance', 'environment', 'member'].flatMap((kind) => [
    `resource=${kind}&project_id=:project&term=no-such-thing`,
    `resource=${kind}&project_id=:project&term=no-such-thing&exact=true`,
  ]),
  // No list, but counts or sums over what grows.
  'GET /orgs/{orgId}/usage': [''],
  'GET /orgs/{orgId}/project-count': [''],
  'GET /orgs/{orgId}/token-lifetimes': ['days=90'],
  'GET /{o}/{p}/stats': [''],
  'GET /{o}/{p}/scope-preview': ['', 'cells=["cell-2"]'],
  'GET /{o}/{p}/cell-usage': ['env=default'],
  'GET /{o}/{p}/nuke/preview': [''],
  'GET /{o}/{p}/audit-events/activity': ['days=30'],
  'GET /{o}/{p}/audit-events/chain': [''],
  'GET /me/notices/unread': [''],
  'GET /orgs/{orgId}/members/{userId}/made': [''],
  'GET /orgs/{orgId}/members/{userId}/removal-preview': [''],
  // Writes that count or notify.
  'POST /{o}/{p}/tokens': [''],
  'DELETE /{o}/{p}/nuke': [''],
}

/** Lists that ask nothing of their own, or cannot be asked with a token. */
const elsewhere: Record<string, string> = {
  'GET /orgs/{orgId}/personal-tokens': 'for a browser alone; one person has few',
  'GET /me/sessions': 'for a browser alone; one person has few',
  'GET /v2/search': 'the statements of GET /v1/search',
}

type Operation = { method: string; path: string; query: unknown }
const nameOf = ({ method, path }: Operation) => `${method} ${path}`
const isList = ({ method, path, query }: Operation) => {
  const parameters = Object.keys((query as { shape?: object }).shape ?? {})
  return method === 'GET' && (['limit', 'last', 'first'].some((name) => parameters.includes(name)) || path.endsWith('/search'))
}

/** The lists of both dialects that nothing above asks. */
export const unasked = [...operations, ...v1Operations]
  .filter(isList)
  .map(nameOf)
  .filter((name) => !(name in asked) && !(name in elsewhere))

export type Question = { name: string; method: string; path: string; bearer: string; body?: Record<string, unknown> }

/** Every list with every filter, as requests to a grown organization. */
export function questionsOf(grown: Grown): Question[] {
  const { org, project, owner, few } = grown
  const nobody = '01900000-0000-7000-8000-00000000ffff'
  const values = {
    project: project.id,
    environment: '01900000-0007-7000-8000-000000000005',
    entity: '01900000-0007-7000-8000-000000000007',
    few: few.id,
    nobody,
  }
  const params: Record<string, string> = {
    orgId: org.slug,
    o: org.slug,
    projectId: project.slug,
    p: project.slug,
    projectID: project.id,
    name: 'cell-1',
    envName: 'default',
    userId: owner.id,
    webhookId: '01900000-0001-7000-8000-000000000008',
    agentID: '01900000-0007-7000-8000-000000000008',
  }
  const bearers = { owner: owner.token, few: few.token, all: grown.all.token, token: project.token }
  const bodies: Record<string, Record<string, unknown>> = {
    'POST /{o}/{p}/tokens': { name: 'one more' },
    'DELETE /{o}/{p}/nuke': { confirm: 'project-1' },
  }
  // What is nuked is not what the lists show.
  const places: Record<string, Record<string, string>> = { 'DELETE /{o}/{p}/nuke': { p: 'project-1' } }
  const filled = (path: string, place = {}) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ({ ...params, ...place })[name]!)
  const withLimit = new Set([...operations].filter(isList).map(nameOf))
  return Object.entries(asked).flatMap(([name, queries]) =>
    queries.map((one) => {
      const [query, as] = typeof one === 'string' ? [one, 'owner' as const] : one
      const sent = query.replaceAll(/:(project|environment|entity|few|nobody)/g, (_, key: keyof typeof values) => values[key])
      const all = [sent, ...(withLimit.has(name) ? [page] : [])].filter(Boolean).join('&')
      const [method = '', pattern = ''] = name.split(' ')
      const path = filled(pattern, places[name])
      const label = [method === 'GET' ? pattern : name, ...(query ? [query] : []), ...(as === 'owner' ? [] : [`by ${as}`])].join(
        ' ',
      )
      const body = bodies[name]
      return { name: label, method, path: all ? `${path}?${encodeURI(all)}` : path, bearer: bearers[as], ...(body && { body }) }
    }),
  )
}
