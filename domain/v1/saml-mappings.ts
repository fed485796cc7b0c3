import { DomainError } from '../errors.ts'

/** No project has mappings of SAML claims to roles. Saying so is more use to a client than an address that does not exist. */
export function noSamlMappings(): never {
  throw new DomainError(
    'not_implemented',
    'SAML mappings are not implemented. Grant roles with members and invitations; people can sign in with OpenID Connect',
  )
}
