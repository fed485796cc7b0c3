import { z } from 'zod'
import { CellScopes, Later, Role } from '#contract/common'
import { Email } from '#contract/email'

// Options shared by several commands.
export const userOption = { value: 'EMAIL', about: 'The user’s email address.', shape: Email }
export const orgOption = { value: 'ORG', about: 'The organization, by slug or id.', shape: z.string() }
export const roleOption = {
  value: 'ROLE',
  about: 'owner, admin, member or viewer. Default: member.',
  shape: z.enum(Role.options, `must be one of ${Role.options.join(', ')}`),
}
export const envOption = { value: 'ENV', about: 'Only in this environment.', shape: z.string().optional() }
export const cellsOption = {
  value: 'A,B',
  about: 'Only in these cells.',
  shape: z
    .string()
    .transform((names) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(CellScopes.unwrap())
    .optional(),
}
export const expiresOption = {
  value: 'TIME',
  about: 'When it expires, such as 2027-01-31T00:00:00Z (RFC 3339).',
  shape: Later.optional(),
}
