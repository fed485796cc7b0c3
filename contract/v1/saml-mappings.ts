import { z } from 'zod'
import { statusOf } from '../errors.ts'
import { v1Operation } from './operation.ts'

const tag = 'SAML mappings (v1)'
const all = '/v1/projects/{projectID}/saml_mappings'
const one = '/v1/saml_mappings/{id}'
/** Said to every caller, whatever the id names: no project has mappings. */
const common = {
  tag,
  description:
    'Bulkhead does not map SAML claims to roles: people sign in with OpenID Connect, and their roles are granted by members and invitations.',
  credential: 'either',
  permission: 'authenticated',
  returns: z.null(),
  status: statusOf.not_implemented,
} as const

/** Operations that this server knows and does not have. */
export const v1SamlMappingOperations = {
  list: v1Operation({ ...common, method: 'GET', path: all, summary: 'List the SAML mappings of a project (not implemented)' }),
  create: v1Operation({ ...common, method: 'POST', path: all, summary: 'Create a SAML mapping (not implemented)' }),
  update: v1Operation({ ...common, method: 'PATCH', path: one, summary: 'Update a SAML mapping (not implemented)' }),
  delete: v1Operation({ ...common, method: 'DELETE', path: one, summary: 'Delete a SAML mapping (not implemented)' }),
}
