import { z } from 'zod'
import { CellScopes, Id, Later, Name, PageQuery, Password, Role, Time } from '../common.ts'
import { operation } from '../operation.ts'

export const InvitationState = z.enum(['pending', 'expired', 'accepted', 'revoked'])
export type InvitationState = z.infer<typeof InvitationState>

/** The membership that an invitation gives in one project. */
const InvitedProject = z.object({
  projectId: Id,
  slug: z.string(),
  name: z.string(),
  role: Role,
  envName: z.string().nullable(),
  cellScopes: z.array(z.string()).nullable(),
  expiresAt: Time.nullable(),
})

export const Invitation = z.object({
  id: Id,
  email: z.string(),
  role: Role,
  projects: z.array(InvitedProject),
  invitedBy: z
    .object({ id: Id, name: z.string() })
    .nullable()
    .describe('Null if a project token sent it, or if the person was deleted.'),
  state: InvitationState,
  link: z
    .string()
    .nullable()
    .describe(
      'A link to accept the invitation. Unlike the emailed link, it does not prove the email address. Null once the invitation can’t be accepted, and for callers who could not have sent it.',
    ),
  manage: z
    .boolean()
    .describe('Whether the caller may resend and revoke it: true if it grants no higher role than the caller’s own.'),
  mailFailedAt: Time.nullable().describe(
    'When sending its email failed permanently, so that nothing arrives unless it is sent again. Null while that is not known.',
  ),
  mailFailure: z.string().nullable().describe('What the mail server said, at most 200 characters of it.'),
  expiresAt: Time,
  createdAt: Time,
})
export type Invitation = z.infer<typeof Invitation>

const InvitationQuery = PageQuery.extend({
  state: InvitationState.optional().describe('Default: pending and expired invitations.'),
  email: z.string().max(1000).optional().describe('Only invitations to this address, ignoring case.'),
})
export type InvitationQuery = z.infer<typeof InvitationQuery>

const InviteToProject = z
  .strictObject({
    projectId: z.string().max(100).optional().describe('The id or slug of the project.'),
    slug: z.string().max(100).optional().describe('The slug of the project, instead of `projectId`.'),
    role: Role.default('member'),
    envName: z.string().max(100).nullish(),
    cellScopes: CellScopes.optional(),
    expiresAt: Later.nullish(),
  })
  .refine((project) => (project.projectId === undefined) !== (project.slug === undefined), {
    error: 'must name the project by either projectId or slug',
    path: ['projectId'],
  })
export type InviteToProject = z.infer<typeof InviteToProject>

/** Any text passes as an email here: a wrong one is reported in its own row of the answer. */
const Invite = z.strictObject({
  email: z.string().max(1000),
  role: Role.default('member'),
  projects: z.array(InviteToProject).max(50).default([]),
})
export type Invite = z.infer<typeof Invite>

export const InvitePeople = z.strictObject({
  invitations: z.array(Invite).min(1).max(200),
})
export type InvitePeople = z.infer<typeof InvitePeople>

const InvitedRow = z.object({
  email: z.string(),
  invitation: Invitation.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export const InvitedPeople = z.object({
  results: z.array(InvitedRow).describe('One result for each row of the request, in the same order.'),
})
export type InvitedPeople = z.infer<typeof InvitedPeople>

export const RevokedInvitation = z.object({ id: Id, revoked: z.literal(true) })

/** What anyone who holds the link may know before they accept. */
export const OpenInvitation = z.object({
  organization: z.object({ slug: z.string(), name: z.string() }),
  email: z.string(),
  role: Role,
  projects: z.array(z.object({ slug: z.string(), name: z.string(), role: Role })),
  invitedBy: z.string().nullable(),
  signedInAs: z.string().nullable().describe('The email address of the caller, if signed in.'),
  expiresAt: Time,
})
export type OpenInvitation = z.infer<typeof OpenInvitation>

export const AcceptInvitation = z
  .strictObject({ name: Name.optional(), password: Password.optional() })
  .refine(({ name, password }) => (name === undefined) === (password === undefined), {
    error: 'must be given together with password',
    path: ['name'],
  })
export type AcceptInvitation = z.infer<typeof AcceptInvitation>

export const AcceptedInvitation = z.object({
  organization: z.object({ slug: z.string(), name: z.string() }),
  projects: z.array(z.object({ slug: z.string(), name: z.string() })),
  email: z.string(),
})
export type AcceptedInvitation = z.infer<typeof AcceptedInvitation>

const tag = 'Invitations'
const all = '/orgs/{orgId}/invitations'
const one = `${all}/{invitationId}` as const
const byLink = '/invitations/{token}'
const gone = {
  401: '`invitation_expired`',
  404: '`invitation_not_found`',
  410: '`invitation_gone`: accepted or revoked already; `inviter_lost_access`: the inviter may no longer grant this access',
}

export const invitationOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List invitations to the organization and its projects',
    permission: 'invitations:manage',
    isCompressed: false,
    query: InvitationQuery,
    returns: Invitation.array(),
  }),
  create: operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Invite people',
    permission: 'invitations:manage',
    freshSignIn: 'when it invites an owner or admin',
    description:
      'Each row gets its own result: the invitation with its link, or an error. 201 if all rows succeeded, 207 if some failed. ' +
      'A new invitation replaces an older one for the same person, unless the older one also covers other projects. ' +
      'A row gets `mail_limit_reached` if the organization has sent its limit of invitations for the hour, and `quota_reached` if it has reached its quota of members. ' +
      'Admins of a project who don’t administer the organization invite people through the v1 API.',
    body: InvitePeople,
    returns: InvitedPeople,
    status: 201,
    statusOf: (result) => ((result as InvitedPeople).results.some(({ error }) => error !== null) ? 207 : 201),
  }),
  revoke: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Revoke an invitation',
    permission: 'invitations:manage',
    returns: RevokedInvitation,
    errors: { 410: '`invitation_gone`: accepted or revoked already' },
  }),
  resend: operation({
    method: 'POST',
    path: `${one}/resend`,
    tag,
    summary: 'Resend an invitation with a new expiry',
    permission: 'invitations:manage',
    freshSignIn: 'when it invites an owner or admin',
    returns: Invitation,
    errors: { 410: '`invitation_gone`: accepted or revoked already', 429: '`mail_limit_reached`' },
  }),
  open: operation({
    method: 'GET',
    path: byLink,
    tag,
    summary: 'Get what an invitation is for',
    permission: 'anybody',
    returns: OpenInvitation,
    errors: gone,
  }),
  accept: operation({
    method: 'POST',
    path: `${byLink}/accept`,
    tag,
    summary: 'Accept an invitation',
    permission: 'anybody',
    description:
      'Needs a session of the invited person, or a name and a password to create an account. The emailed link proves the email address: for an account whose ' +
      'address is not verified, it sets the name and password, and revokes every earlier way to sign in. An invitation can be accepted once.',
    body: AcceptInvitation,
    bodyOptional: true,
    returns: AcceptedInvitation,
    errors: {
      ...gone,
      403: '`email_mismatch`: you are signed in as somebody else',
      409: '`email_taken`: sign in first; `already_member`; `quota_reached`',
      429: '`too_many_attempts`',
    },
  }),
}
