import { z } from 'zod'
import { CellScopes, Id, Later, Moment, Name, PageQuery, Role, Time, VerbGrant } from '../common.ts'
import { operation } from '../operation.ts'

const Network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

// JSON Schema has no format for networks, so the document describes it as a string.
const Address = z
  .string()
  .max(50)
  .refine(
    (text) => Network.safeParse(text).success,
    'must be an IP address or network such as 203.0.113.7, 198.51.100.0/24 or 2001:db8::/32',
  )

/** Where a token may be used from; empty means from anywhere. */
export const AllowedAddresses = z
  .array(Address)
  .max(50, 'must have at most 50 addresses or networks')
  .refine((addresses) => new Set(addresses).size === addresses.length, 'must not contain an address twice')

export const ProjectToken = z.object({
  id: Id,
  name: z.string(),
  tokenPrefix: z.string(),
  role: Role,
  envName: z.string().nullable(),
  cellScopes: z.array(z.string()).nullable(),
  permissions: z.array(VerbGrant).describe('The verbs that the token is limited to; empty: all four.'),
  expiresAt: Time.nullable(),
  createdAt: Time,
  createdBy: z.string().nullable().describe('The email of the person, or the name of the token, that created it.'),
  lastUsedAt: Time.nullable(),
  lastUsedAddress: z.string().nullable(),
  allowedAddresses: z.array(z.string()).describe('The IP addresses and networks that it can be used from; empty: any.'),
})
export type ProjectToken = z.infer<typeof ProjectToken>

/** The only answer that contains the token itself. */
export const ProjectTokenCreated = ProjectToken.extend({ token: z.string() })
export type ProjectTokenCreated = z.infer<typeof ProjectTokenCreated>

export const CreateToken = z.strictObject({
  name: Name,
  role: Role.default('member'),
  envName: z.string().max(63).nullish(),
  cellScopes: CellScopes.optional(),
  expiresAt: Later.nullish(),
  allowedAddresses: AllowedAddresses.optional(),
})
export type CreateToken = z.infer<typeof CreateToken>

/** Only the fields that are present change; `expiresAt: null` removes the expiry, where the organization allows it. */
export const UpdateToken = z.strictObject({
  name: Name.optional(),
  expiresAt: Moment.nullish(),
  allowedAddresses: AllowedAddresses.optional(),
})
export type UpdateToken = z.infer<typeof UpdateToken>

export const RotateToken = z.strictObject({
  overlapSeconds: z.int().min(0).max(604_800).default(0).describe('How long the old token keeps working; at most seven days.'),
})
export type RotateToken = z.infer<typeof RotateToken>

export const RevokedToken = z.object({ id: Id, revoked: z.literal(true) })

export const TokenQuery = PageQuery.extend({
  q: z.string().max(100).optional().describe('Only tokens whose name contains this, ignoring case.'),
})
export type TokenQuery = z.infer<typeof TokenQuery>

const tag = 'Project tokens'

function at<const Base extends string>(base: Base) {
  return {
    list: operation({
      method: 'GET',
      path: base,
      tag,
      summary: 'List project tokens',
      permission: 'tokens:manage',
      query: TokenQuery,
      returns: ProjectToken.array(),
    }),
    create: operation({
      method: 'POST',
      path: base,
      tag,
      summary: 'Create a project token',
      permission: 'tokens:manage',
      freshSignIn: 'always',
      description: 'The token is shown only in this response. 400 `environment_not_found`, `token_lifetime_too_long`.',
      body: CreateToken,
      returns: ProjectTokenCreated,
      status: 201,
      errors: { 409: '`quota_reached`' },
    }),
    update: operation({
      method: 'PATCH',
      path: `${base}/{tokenId}`,
      tag,
      summary: 'Change a project token’s name, expiry or addresses',
      permission: 'tokens:manage',
      freshSignIn: 'always',
      description:
        'The role and scope of a token can’t be changed. 400 `token_lifetime_too_long`: the organization’s maximum lifetime counts from the creation of the token.',
      body: UpdateToken,
      returns: ProjectToken,
      errors: { 409: '`token_expired`' },
    }),
    revoke: operation({
      method: 'DELETE',
      path: `${base}/{tokenId}`,
      tag,
      summary: 'Revoke a project token',
      permission: 'tokens:manage',
      returns: RevokedToken,
    }),
    rotate: operation({
      method: 'POST',
      path: `${base}/{tokenId}/rotate`,
      tag,
      summary: 'Rotate a project token',
      permission: 'tokens:manage',
      freshSignIn: 'always',
      description:
        'Creates a token with the same rights, at most for the organization’s maximum token lifetime. The old token expires after `overlapSeconds`.',
      body: RotateToken,
      bodyOptional: true,
      returns: ProjectTokenCreated,
      status: 201,
      errors: { 409: '`token_expired`' },
    }),
  }
}

export const tokenOperations = at('/{o}/{p}/tokens')
/** The same five operations at the organization's path (reference: both are served). */
export const orgTokenOperations = at('/orgs/{orgId}/projects/{projectId}/tokens')

export const PersonalToken = z.object({
  id: Id,
  name: z.string(),
  tokenPrefix: z.string(),
  expiresAt: Time.nullable(),
  enabled: z.boolean(),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
  lastUsedAddress: z.string().nullable(),
  allowedAddresses: z.array(z.string()).describe('The IP addresses and networks that it can be used from; empty: any.'),
})
export type PersonalToken = z.infer<typeof PersonalToken>
export const PersonalTokenCreated = PersonalToken.extend({ token: z.string() })

export const CreatePersonalToken = z.strictObject({
  name: Name,
  expiresAt: Later.nullish(),
  allowedAddresses: AllowedAddresses.optional(),
})
export type CreatePersonalToken = z.infer<typeof CreatePersonalToken>

const personal = '/orgs/{orgId}/personal-tokens'

export const personalTokenOperations = {
  list: operation({
    method: 'GET',
    path: personal,
    tag: 'Personal tokens',
    summary: 'List your personal tokens',
    permission: 'personal-tokens:manage',
    query: PageQuery,
    returns: PersonalToken.array(),
  }),
  create: operation({
    method: 'POST',
    path: personal,
    tag: 'Personal tokens',
    summary: 'Create a personal token',
    permission: 'personal-tokens:manage',
    freshSignIn: 'always',
    description: 'Only from a browser session. The token is shown only in this response. 400 `token_lifetime_too_long`.',
    body: CreatePersonalToken,
    returns: PersonalTokenCreated,
    status: 201,
    errors: { 409: '`quota_reached`' },
  }),
  update: operation({
    method: 'PATCH',
    path: `${personal}/{tokenId}`,
    tag: 'Personal tokens',
    summary: 'Change the name, expiry or addresses of one of your personal tokens',
    permission: 'personal-tokens:manage',
    freshSignIn: 'always',
    description: 'Only from a browser session. 400 `token_lifetime_too_long`.',
    body: UpdateToken,
    returns: PersonalToken,
    errors: { 409: '`token_expired`' },
  }),
  revoke: operation({
    method: 'DELETE',
    path: `${personal}/{tokenId}`,
    tag: 'Personal tokens',
    summary: 'Revoke one of your personal tokens',
    permission: 'personal-tokens:manage',
    returns: RevokedToken,
  }),
}
