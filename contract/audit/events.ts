import { z } from 'zod'
import { Id, Moment, PageQuery, Time, inQuery } from '../common.ts'
import { operation } from '../operation.ts'

export const AuditEvent = z.object({
  id: Id,
  actor: z.object({ kind: z.enum(['user', 'project_token', 'system']), id: Id.nullable(), name: z.string() }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
  before: z.json().nullable(),
  after: z.json().nullable(),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
  createdAt: Time,
  seq: z
    .int()
    .nullable()
    .describe('Its number in the audit chain of the organization; null until it is sealed, a few seconds after it was written.'),
  hash: z.string().nullable().describe('HMAC-SHA-256, in hex, of the event, its number and the hash of the previous event.'),
})
export type AuditEvent = z.infer<typeof AuditEvent>

/** An event in the audit log of its organization. */
export const OrganizationAuditEvent = AuditEvent.extend({
  project: z
    .object({ id: Id, slug: z.string().nullable(), deleted: z.boolean() })
    .nullable()
    .describe('Null for an event of the organization itself. The slug is null once the project is permanently deleted.'),
})
export type OrganizationAuditEvent = z.infer<typeof OrganizationAuditEvent>

/** Filters; an absent one does not limit the events. */
const filter = {
  action: z.string().max(100).optional().describe('Only events of this action: `project.nuked`.'),
  actor: Id.optional().describe('Only events by this user or token.'),
  target: z.string().max(200).optional().describe('Only events about this id or name, ignoring case.'),
  from: Moment.optional().describe('Only events at this time or later.'),
  to: Moment.optional().describe('Only events before this time.'),
  requestId: z.string().max(128).optional().describe('Only events of one request.'),
}

export const AuditQuery = PageQuery.extend(filter)
export type AuditQuery = z.infer<typeof AuditQuery>
export type AuditFilter = Omit<AuditQuery, 'limit' | 'cursor'>

const format = z
  .enum(['ndjson', 'csv'])
  .default('ndjson')
  .describe('CSV has a header line. A value that a spreadsheet would run as a formula is prefixed with an apostrophe.')

export const AuditExportQuery = z.strictObject({ ...filter, format })
export type AuditExportQuery = z.infer<typeof AuditExportQuery>

const ofProject = {
  project: z
    .string()
    .max(100)
    .optional()
    .describe('Only events of this project, by its id or slug. A project that was permanently deleted has no slug.'),
}

export const OrganizationAuditQuery = AuditQuery.extend(ofProject)
export type OrganizationAuditQuery = z.infer<typeof OrganizationAuditQuery>
export type OrganizationAuditFilter = Omit<OrganizationAuditQuery, 'limit' | 'cursor'>

export const OrganizationAuditExportQuery = AuditExportQuery.extend(ofProject)

/** The end of the organization's chain; `audit verify --expect` takes `SEQ:HASH`. */
export const AuditChain = z.object({
  end: z.object({ seq: z.int(), hash: z.string(), sealedAt: Time }).nullable().describe('Null if nothing is sealed yet.'),
  unsealed: z.int().describe('The number of events of this project that are not sealed yet.'),
})
export type AuditChain = z.infer<typeof AuditChain>

/** The most changes of a day that the activity of a project counts. */
export const COUNTED_OF_A_DAY = 1000

export const ActivityDay = z.object({
  date: z.iso.date().describe('A day in UTC.'),
  people: z.int(),
  tokens: z.int(),
  system: z.int().describe('Changes by Bulkhead itself, such as a purge.'),
  more: z.boolean().describe('Whether the day has more changes than were counted.'),
})

export type ActivityDay = z.infer<typeof ActivityDay>

export const Activity = z.object({ days: ActivityDay.array().describe('Every day, oldest first.') })
export type Activity = z.infer<typeof Activity>

export const ActivityQuery = z.strictObject({
  days: inQuery(z.number().int().min(1).max(30).default(30)).describe('How many days, of which today is the last.'),
})
export type ActivityQuery = z.infer<typeof ActivityQuery>

export const auditOperations = {
  list: operation({
    method: 'GET',
    path: '/{o}/{p}/audit-events',
    tag: 'Audit',
    summary: 'List audit events, newest first',
    permission: 'audit:read',
    query: AuditQuery,
    returns: AuditEvent.array(),
  }),
  chain: operation({
    method: 'GET',
    path: '/{o}/{p}/audit-events/chain',
    tag: 'Audit',
    summary: 'Get how far the audit log is sealed',
    description:
      'Each event is sealed into the audit chain of its organization. If you keep a copy of the end of the chain, it proves later that nothing before it was changed or removed.',
    permission: 'audit:read',
    returns: AuditChain,
  }),
  activity: operation({
    method: 'GET',
    path: '/{o}/{p}/audit-events/activity',
    tag: 'Audit',
    summary: 'Count the changes of each day by kind of actor',
    permission: 'audit:read',
    description: `At most ${COUNTED_OF_A_DAY.toLocaleString('en-US')} changes of a day are counted.`,
    query: ActivityQuery,
    returns: Activity,
  }),
  export: operation({
    method: 'GET',
    path: '/{o}/{p}/audit-events/export',
    tag: 'Audit',
    summary: 'Export audit events, newest first',
    permission: 'audit:read',
    description: 'All events that match the filter, as NDJSON or, with `format=csv`, as CSV.',
    query: AuditExportQuery,
    returns: AuditEvent,
    stream: true,
  }),
}

const ofOrganization = '/orgs/{orgId}/audit-events'
const everything = 'Events of the organization itself and of all its projects, including deleted and permanently deleted ones.'

export const organizationAuditOperations = {
  list: operation({
    method: 'GET',
    path: ofOrganization,
    tag: 'Audit',
    summary: 'List the audit events of an organization, newest first',
    permission: 'organization-audit:read',
    description: everything,
    query: OrganizationAuditQuery,
    returns: OrganizationAuditEvent.array(),
    errors: { 404: '`organization_not_found`, `project_not_found`' },
  }),
  export: operation({
    method: 'GET',
    path: `${ofOrganization}/export`,
    tag: 'Audit',
    summary: 'Export the audit events of an organization, newest first',
    permission: 'organization-audit:read',
    description: `All events that match the filter, as NDJSON or, with \`format=csv\`, as CSV. ${everything}`,
    query: OrganizationAuditExportQuery,
    returns: OrganizationAuditEvent,
    stream: true,
    errors: { 404: '`organization_not_found`, `project_not_found`' },
  }),
}
