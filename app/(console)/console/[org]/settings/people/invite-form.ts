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
  invitations: emails.emails.map((email) => ({ email, role, projects })),
})

interface Refused {
  path: string
  message: string
}

/** Who was not invited, and why: what is no address was not sent, and the server may refuse others. */
export const refusedOf = ({ emails }: InviteOutput, { results }: InvitedPeople): Refused[] => [
  ...emails.wrong.map((text) => ({ path: text, message: 'The address must be an email address' })),
  ...results.flatMap(({ email, error }) => (error ? [{ path: email, message: error.message }] : [])),
]

/** More lines than anybody reads at once; all of the addresses stay in the field. */
const SHOWN = 20

/** The refused addresses, each with its reason. */
export function errorOf(refused: readonly Refused[], invited: number): FormError {
  const more = refused.length - SHOWN
  const rest = more > 0 ? [{ path: 'And', message: `${more.toLocaleString('en')} more` }] : []
  return {
    message: invited === 0 ? 'Nobody was invited' : `${invited} invited, ${refused.length.toLocaleString('en')} not`,
    details: [...refused.slice(0, SHOWN), ...rest],
  }
}
