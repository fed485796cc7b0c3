import { v1AgentOperations } from './agents.ts'
import { v1AuditLogOperations } from './audit-logs.ts'
import { v1CoreInstanceOperations } from './core-instances.ts'
import { v1EnvironmentOperations } from './environments.ts'
import { v1InvitationOperations } from './invitations.ts'
import { v1MemberOperations } from './members.ts'
import { idsOf } from '../operation.ts'
import type { V1Operation } from './operation.ts'
import { v1ProjectOperations } from './projects.ts'
import { v1SamlMappingOperations } from './saml-mappings.ts'
import { v1SearchOperations } from './search.ts'
import { v1TokenOperations } from './tokens.ts'

/** The resources with their operations, in the order of the documentation. Both names make the `operationId`: `agents.list`. */
const resources = {
  projects: v1ProjectOperations,
  tokens: v1TokenOperations,
  members: v1MemberOperations,
  invitations: v1InvitationOperations,
  environments: v1EnvironmentOperations,
  agents: v1AgentOperations,
  coreInstances: v1CoreInstanceOperations,
  auditLogs: v1AuditLogOperations,
  search: v1SearchOperations,
  samlMappings: v1SamlMappingOperations,
} as const

/** Every operation of the v1 API. */
export const v1Operations = Object.values(resources).flatMap((resource) => Object.values(resource) as unknown as V1Operation[])

/** The `operationId` of each. */
export const v1OperationIds = idsOf(resources)
