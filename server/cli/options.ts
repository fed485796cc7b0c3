import { z } from 'zod'
import { Role } from '#contract/common'
import { Email } from '#contract/email'

// Options shared by several commands.
export const userOption = { value: 'EMAIL', about: 'The user’s email address.', shape: Email }
export const orgOption = { value: 'ORG', about: 'The organization, by slug or id.', shape: z.string() }
export const roleOption = {
  value: 'ROLE',
  about: 'owner, admin, member or viewer. Default: member.',
  shape: z.enum(Role.options, `must be one of ${Role.options.join(', ')}`),
}
