import { z } from 'zod'
import { CellScopes, Moment, Role } from '#contract/common'
import type { InvitePeople, InvitedPeople } from '#contract/organizations/invitations'
import type { FormError } from '#components/form/form'
import { addressesText } from './addresses.ts'

/** The values of the invite dialog: the same role and projects for everybody in it. */
export const InviteForm = z.object({
  emails: addressesText,
  role: Role,
  projects: z.array(
    z.object({
      slug: z.string(),
      role: Role,
      envName: z.string().nullable(),
      cellScopes: CellScopes,
      expiresAt: Moment.nullish(),
    }),
  ),
})
export type InviteInput = z.input<typeof InviteForm>
export type InviteOutput = z.output<typeof InviteForm>

export const toBody = ({ emails, role, projects }: InviteOutput): z.input<typeof InvitePeople> => ({
  invitations: emails.map((email) => ({ email, role, projects })),
})

export const refusedOf = ({ results }: InvitedPeople) =>
  results.flatMap(({ email, error }) => (error ? [{ path: email, message: error.message }] : []))

/** The refused addresses, each with its reason. */
export const errorOf = ({ results }: InvitedPeople): FormError => {
  const details = refusedOf({ results })
  const message =
    details.length === results.length ? 'Nobody was invited' : `${results.length - details.length} invited, ${details.length} not`
  return { message, details }
}
