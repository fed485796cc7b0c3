import type { Operation } from './reference.ts'
import type { Schema } from './schema.ts'

const place: Record<string, string> = {
  orgId: 'acme',
  projectId: 'web',
  o: 'acme',
  p: 'web',
  envName: 'production',
  name: 'eu',
  userId: '01935f5e-7c1a-7000-8000-000000000001',
  tokenId: '01935f5e-7c1a-7000-8000-000000000002',
  wipeId: '01935f5e-7c1a-7000-8000-000000000003',
  linkId: '01935f5e-7c1a-7000-8000-000000000004',
  entityId: '01935f5e-7c1a-7000-8000-000000000005',
  projectID: '01935f5e-7c1a-7000-8000-000000000006',
  tokenID: '01935f5e-7c1a-7000-8000-000000000002',
  memberID: '01935f5e-7c1a-7000-8000-000000000007',
  environmentID: '01935f5e-7c1a-7000-8000-000000000008',
  agentID: '01935f5e-7c1a-7000-8000-000000000009',
  aggregatorID: '01935f5e-7c1a-7000-8000-00000000000a',
}

const field: Record<string, unknown> = {
  name: 'Web',
  slug: 'web',
  confirm: 'web',
  userId: place['userId'],
  email: 'ann@acme.example',
  password: 'correct horse battery staple',
  organizationName: 'Acme',
  organizationSlug: 'acme',
  token: '…',
  entityType: 'service',
  cellScopes: ['eu'],
  repository: 'acme/web',
}

function valueOf(name: string, schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (name in field) return field[name]
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  const first = schema.anyOf?.[0]
  if (first) return valueOf(name, first)
  if (schema.items) return []
  if (schema.properties || schema.type === 'object') return bodyOf(schema)
  if (schema.type === 'boolean') return true
  return schema.type === 'string' ? name : (schema.minimum ?? 1)
}

/** The required fields; if there are none, the first optional one. */
function bodyOf({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const [first] = Object.keys(properties)
  const names = required.length > 0 ? required : first === undefined ? [] : [first]
  return Object.fromEntries(names.map((name) => [name, valueOf(name, properties[name] ?? {})]))
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** A curl command to paste into a shell where BULKHEAD and TOKEN are set. */
export function curlOf({ method, path, body, parameters, description }: Operation): string {
  const isPublic = description.includes('No authentication.')
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => place[name] ?? name)
  const needed = parameters.filter((one) => one.in === 'query' && one.required)
  const query = needed.map(({ name, schema }) => `${name}=${encodeURIComponent(String(valueOf(name, schema)))}`).join('&')
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"$BULKHEAD${filled}${query && `?${query}`}"`,
    ...(isPublic ? [] : [`-H "Authorization: Bearer $TOKEN"`]),
    ...(body ? [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(bodyOf(body.schema)))}`] : []),
  ].join(' \\\n  ')
}
