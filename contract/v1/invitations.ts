import { z } from 'zod'
import { Email } from '../email.ts'
import { Permissions, optional } from './common.ts'
import { v1Operation } from './operation.ts'

export const V1CreateInvitation = z.object({
  email: Email,
  permissions: optional(Permissions),
  redirectURI: optional(
    z
      .string()
      .max(2000)
      .transform((uri) => uri || undefined)
      .pipe(z.url({ protocol: /^https?$/ }).optional()),
  ),
})
export type V1CreateInvitation = z.infer<typeof V1CreateInvitation>

export const V1AcceptInvitation = z.object({ token: z.string().max(1000) })

const tag = 'Invitations (v1)'

export const v1InvitationOperations = {
  create: v1Operation({
    method: 'POST',
    path: '/v1/projects/{projectID}/invite',
    tag,
    summary: 'Invite a person to a project by email',
    description:
      'The email links to `redirectURI` with the invitation in `?token=`. The invitation works once, only for this address, and expires after seven days.',
    credential: 'either',
    permission: 'members:manage',
    body: V1CreateInvitation,
    invalid: { email: 'invalid email', permissions: 'invalid permission', redirectURI: 'invalid redirect URI' },
    errors: { 409: 'member already exists' },
  }),
  join: v1Operation({
    method: 'POST',
    path: '/v1/join_project',
    tag,
    summary: 'Accept an invitation',
    credential: 'user',
    permission: 'authenticated',
    body: V1AcceptInvitation,
    invalid: { token: 'invalid invitation token' },
    errors: { 409: 'member already exists', 410: 'invitation gone' },
  }),
}
