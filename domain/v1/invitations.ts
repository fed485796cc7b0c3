import { setting } from '#config/environment'
import type { V1CreateInvitation } from '#contract/v1/invitations'
import type { z } from 'zod'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { inviteToProject } from '../organizations/invitations.ts'
import { assertCan } from '../access/permissions.ts'

/** Invites an ordinary member with these verbs: this API cannot invite a creator or an admin. */
export async function inviteToV1Project(
  context: ProjectContext,
  { email, permissions = [], redirectURI }: z.output<typeof V1CreateInvitation>,
): Promise<void> {
  assertCan(context, 'members:manage')
  if (redirectURI !== undefined) assertTrusted(redirectURI)
  await inviteToProject(context, { email, role: 'member', verbs: permissions, redirectUri: redirectURI ?? null })
}

/** The mail carries a secret to this page, so it must be on this server or one of `BULKHEAD_REDIRECT_ORIGINS`. */
function assertTrusted(uri: string): void {
  const trusted = [setting('BULKHEAD_URL'), ...setting('BULKHEAD_REDIRECT_ORIGINS')]
  if (!trusted.some((origin) => origin && new URL(origin).origin === new URL(uri).origin))
    throw new DomainError('invalid_request', 'untrusted redirect URI')
}
