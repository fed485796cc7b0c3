import { z } from 'zod'
import { CellScopes, Id, Moment, Name, PageQuery, Password, Role, Time } from '../common.ts'
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
  invitedBy: z.object({ id: Id, name: z.string() }).nullable().describe('null for a project token, or somebody deleted.'),
  state: InvitationState,
  link: z
    .string()
    .nullable()
    .describe(
      'null once it is of no use, and for whoever could not have sent it. Not the one that is mailed: it proves no address.',
    ),
  manage: z.boolean().describe('Whether the caller may resend and revoke it: it grants nothing above his own role.'),
  expiresAt: Time,
  createdAt: Time,
})
export type Invitation = z.infer<typeof Invitation>

const InvitationQuery = PageQuery.extend({
  state: InvitationState.optional().describe('Without it: those that are open, pending and expired.'),
})
export type InvitationQuery = z.infer<typeof InvitationQuery>

const InviteToProject = z
  .strictObject({
    projectId: z.string().max(100).optional().describe('Its id or slug.'),
    slug: z.string().max(100).optional().describe('The same, by slug alone.'),
    role: Role.default('member'),
    envName: z.string().max(100).nullish(),
    cellScopes: CellScopes.optional(),
    expiresAt: Moment.nullish(),
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
  projects: z.array(InviteToProject).max(50, 'must be at most 50 projects').default([]),
})
export type Invite = z.infer<typeof Invite>

export const InvitePeople = z.strictObject({
  invitations: z.array(Invite).min(1, 'must name somebody').max(200, 'must be at most 200'),
})
export type InvitePeople = z.infer<typeof InvitePeople>

const InvitedRow = z.object({
  email: z.string(),
  invitation: Invitation.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export const InvitedPeople = z.object({ results: z.array(InvitedRow).describe('One for each that was sent, in its order.') })
export type InvitedPeople = z.infer<typeof InvitedPeople>

export const RevokedInvitation = z.object({ id: Id, revoked: z.literal(true) })

/** What anyone who holds the link may know before they accept. */
export const OpenInvitation = z.object({
  organization: z.object({ slug: z.string(), name: z.string() }),
  email: z.string(),
  role: Role,
  projects: z.array(z.object({ slug: z.string(), name: z.string(), role: Role })),
  invitedBy: z.string().nullable(),
  signedInAs: z.string().nullable().describe('The address of the caller, if he is signed in.'),
  expiresAt: Time,
})
export type OpenInvitation = z.infer<typeof OpenInvitation>

export const AcceptInvitation = z
  .strictObject({ name: Name.optional(), password: Password.optional() })
  .refine(({ name, password }) => (name === undefined) === (password === undefined), {
    error: 'must come with a password, and a password with a name',
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
  410: '`invitation_gone`: used or withdrawn; `inviter_lost_access`: its sender may not give this any more',
}

export const invitationOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List invitations to the organisation and its projects',
    permission: 'invitations:manage',
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
      'Each row is answered by itself: the invitation with its link, or what is wrong with it. 201 when all were made, else 207. ' +
      'A newer invitation takes the place of an older one that leads nowhere else. ' +
      'A row beyond what an organisation may have mailed in an hour is `mail_limit_reached`, and one that it has no room for `quota_reached`. ' +
      'Whoever administers a project alone invites to it through the v1 API.',
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
    errors: { 410: '`invitation_gone`: used or withdrawn' },
  }),
  resend: operation({
    method: 'POST',
    path: `${one}/resend`,
    tag,
    summary: 'Send an invitation again, with a new expiry',
    permission: 'invitations:manage',
    freshSignIn: 'when it invites an owner or admin',
    returns: Invitation,
    errors: { 410: '`invitation_gone`: used or withdrawn', 429: '`mail_limit_reached`' },
  }),
  open: operation({
    method: 'GET',
    path: byLink,
    tag,
    summary: 'What an invitation is for',
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
      'As the signed-in person with its address, or, who has no account yet, with a name and a password. The link that was mailed proves the address: ' +
      'it also sets the name and password of an account whose address nobody had proven, and removes what opened that account before. It works once.',
    body: AcceptInvitation,
    bodyOptional: true,
    returns: AcceptedInvitation,
    errors: { ...gone, 409: '`email_taken`: sign in first; `already_member`; `quota_reached`' },
  }),
}
