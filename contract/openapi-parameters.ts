import type { Operation } from './operation.ts'
import type { Schema, Schemas } from './openapi-schemas.ts'

/** What each name in a path stands for, with an example. */
const inPath: Record<string, readonly [description: string, example: string]> = {
  orgId: ['The id or slug of the organization.', 'acme'],
  o: ['The id or slug of the organization.', 'acme'],
  projectId: ['The id or slug of the project.', 'web'],
  p: ['The id or slug of the project.', 'web'],
  envName: ['The name of the environment.', 'production'],
  name: ['The name of the resource.', 'eu'],
  userId: ['The id of the person.', '01935f5e-7c1a-7000-8000-000000000001'],
  tokenId: ['The id of the token.', '01935f5e-7c1a-7000-8000-000000000002'],
  wipeId: ['The id of the wipe: of what one nuke removed.', '01935f5e-7c1a-7000-8000-000000000003'],
  linkId: ['The id of the link to a repository.', '01935f5e-7c1a-7000-8000-000000000004'],
  entityId: ['The id of the entity, or its name.', '01935f5e-7c1a-7000-8000-000000000005'],
  relationshipId: ['The id of the relationship.', '01935f5e-7c1a-7000-8000-00000000000b'],
  revisionId: ['The id of the revision of the catalog.', '01935f5e-7c1a-7000-8000-00000000000c'],
  invitationId: ['The id of the invitation.', '01935f5e-7c1a-7000-8000-00000000000d'],
  webhookId: ['The id of the webhook.', '01935f5e-7c1a-7000-8000-00000000000e'],
  deliveryId: ['The id of the delivery of an event to a webhook.', '01935f5e-7c1a-7000-8000-00000000000f'],
  noticeId: ['The id of the notice.', '01935f5e-7c1a-7000-8000-000000000010'],
  sessionId: ['The id of the session.', '01935f5e-7c1a-7000-8000-000000000011'],
  passkeyId: ['The id of the passkey.', '01935f5e-7c1a-7000-8000-000000000012'],
  identityId: ['The id of the link to an account at a provider.', '01935f5e-7c1a-7000-8000-000000000013'],
  token: ['The secret of the link.', 'a-secret-of-a-link'],
  projectID: ['The id of the project.', '01935f5e-7c1a-7000-8000-000000000006'],
  tokenID: ['The id of the token.', '01935f5e-7c1a-7000-8000-000000000002'],
  memberID: ['The id of the membership.', '01935f5e-7c1a-7000-8000-000000000007'],
  environmentID: ['The id of the environment.', '01935f5e-7c1a-7000-8000-000000000008'],
  agentID: ['The id of the agent, or the first characters of it.', '01935f5e-7c1a-7000-8000-000000000009'],
  aggregatorID: ['The id of the core instance, or the first characters of it.', '01935f5e-7c1a-7000-8000-00000000000a'],
  id: ['The id of the mapping.', '01935f5e-7c1a-7000-8000-000000000014'],
}

const parameter = (where: 'path' | 'query', name: string, schema: Schema, required: boolean) => {
  const { description, ...rest } = schema
  return { name, in: where, required, ...(description ? { description } : {}), schema: rest }
}

/** The parameters of a path and a query. */
export function parameters({ path, query }: Pick<Operation, 'path' | 'query'>, { schemaOf }: Schemas) {
  const ofPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    const [description, example] = inPath[name!] ?? []
    return { ...parameter('path', name!, { type: 'string', description }, true), ...(example && { example }) }
  })
  const shape = schemaOf(query, 'input', { inline: true }) as { properties?: Record<string, Schema>; required?: string[] }
  const ofQuery = Object.entries(shape.properties ?? {}).map(([name, schema]) =>
    parameter('query', name, schema, shape.required?.includes(name) ?? false),
  )
  return [...ofPath, ...ofQuery]
}
