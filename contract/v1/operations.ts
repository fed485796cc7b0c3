import { v1AgentOperations } from './agents.ts'
import { v1AuditLogOperations } from './audit-logs.ts'
import { v1CoreInstanceOperations } from './core-instances.ts'
import { v1EnvironmentOperations } from './environments.ts'
import { v1InvitationOperations } from './invitations.ts'
import { v1MemberOperations } from './members.ts'
import type { V1Operation } from './operation.ts'
import { v1ProjectOperations } from './projects.ts'
import { v1SamlMappingOperations } from './saml-mappings.ts'
import { v1SearchOperations } from './search.ts'
import { v1TokenOperations } from './tokens.ts'

/** Every operation of the v1 API, in the order of its documentation. */
export const v1Operations: V1Operation[] = [
  v1ProjectOperations,
  v1TokenOperations,
  v1MemberOperations,
  v1InvitationOperations,
  v1EnvironmentOperations,
  v1AgentOperations,
  v1CoreInstanceOperations,
  v1AuditLogOperations,
  v1SearchOperations,
  v1SamlMappingOperations,
].flatMap((resource) => Object.values(resource) as unknown as V1Operation[])
