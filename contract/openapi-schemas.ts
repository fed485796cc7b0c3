import { z } from 'zod'
import { asAnswered } from './answered.ts'
import * as common from './common.ts'
import * as errors from './errors.ts'
import * as permissions from './access/permissions.ts'
import * as factors from './accounts/factors.ts'
import * as me from './accounts/me.ts'
import * as sessions from './accounts/sessions.ts'
import * as viewAs from './accounts/view-as.ts'
import * as webauthn from './accounts/webauthn.ts'
import * as apply from './apply/apply.ts'
import * as catalogRevisions from './apply/catalog-revisions.ts'
import * as events from './audit/events.ts'
import * as cells from './catalog/cells.ts'
import * as entityTypes from './catalog/entity-types.ts'
import * as relationshipTypes from './catalog/relationship-types.ts'
import * as secrets from './catalog/secrets.ts'
import * as cellUsage from './data/cell-usage.ts'
import * as entities from './data/entities.ts'
import * as placement from './data/placement.ts'
import * as relationships from './data/relationships.ts'
import * as usage from './limits/usage.ts'
import * as changes from './members/changes.ts'
import * as madeBy from './members/made-by.ts'
import * as members from './members/members.ts'
import * as notices from './notices/notices.ts'
import * as nuke from './nuke/nuke.ts'
import * as organizationFile from './organizations/file.ts'
import * as invitations from './organizations/invitations.ts'
import * as organizations from './organizations/organizations.ts'
import * as environments from './projects/environments.ts'
import * as projects from './projects/projects.ts'
import * as repoLinks from './projects/repo-links.ts'
import * as stats from './projects/stats.ts'
import * as summaries from './projects/summaries.ts'
import * as accessReview from './review/access-review.ts'
import * as access from './review/access.ts'
import * as peopleReview from './review/people-review.ts'
import * as tokens from './tokens/tokens.ts'
import * as transfer from './transfer/transfer.ts'
import * as webhooks from './webhooks/webhooks.ts'

export type Schema = Record<string, unknown>

const modules = [
  common,
  errors,
  permissions,
  factors,
  me,
  sessions,
  viewAs,
  webauthn,
  apply,
  catalogRevisions,
  events,
  cells,
  entityTypes,
  relationshipTypes,
  secrets,
  cellUsage,
  entities,
  placement,
  relationships,
  usage,
  changes,
  madeBy,
  members,
  notices,
  nuke,
  organizationFile,
  invitations,
  organizations,
  environments,
  projects,
  repoLinks,
  stats,
  summaries,
  accessReview,
  access,
  peopleReview,
  tokens,
  transfer,
  webhooks,
]

/** What has fields or alternatives of its own is worth a name; a text or a number is not. */
const NAMED = new Set(['object', 'enum', 'union', 'record'])

const isNamed = (value: unknown): value is z.ZodType => value instanceof z.ZodType && NAMED.has(value.type)

/** Shapes have the names under which the contract exports them: as they are sent, and as they are answered. */
function namesOf(exported: readonly Record<string, unknown>[], more: ReadonlyMap<unknown, string>) {
  const input = new Map<unknown, string>()
  const output = new Map(more)
  for (const [name, shape] of exported.flatMap((module) => Object.entries(module))) {
    if (!isNamed(shape) || input.has(shape)) continue
    const short = name.replace(/Body$/, '')
    input.set(shape, short)
    const answered = asAnswered(shape)
    if (!output.has(answered)) output.set(answered, short)
  }
  return { input, output }
}

/**
 * The shape of any JSON value refers to itself, by a reference that would not resolve in the document; an empty schema means the
 * same.
 */
const anyJson = /\{"\$ref":"#\/\$defs\/__schema\d+"\}/g

/** Answers may get new fields, so clients must not refuse them. */
const open = ({ jsonSchema }: { jsonSchema: Schema }) => {
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties']
}

export type Schemas = ReturnType<typeof createSchemas>

const isAnything = (schema: unknown) => JSON.stringify(schema) === '{}'

/**
 * Spells out the fields of a map whose keys are all known and required, as from `z.record` of an enum, and leaves out alternatives
 * beside “anything”.
 */
function spelled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(spelled)
  const { anyOf, ...other } = value as Schema
  if (Array.isArray(anyOf) && anyOf.some(isAnything)) return spelled(other)
  const { propertyNames, additionalProperties, required, ...rest } = value as Schema
  const isMap = propertyNames !== undefined && Array.isArray(required) && typeof additionalProperties === 'object'
  if (!isMap) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spelled(one)]))
  const fields = required.map((name: string) => [name, spelled(additionalProperties)] as const)
  return { ...rest, properties: Object.fromEntries(fields), required }
}

/** Makes the schemas of a document, and collects those with a name. */
export function createSchemas(
  more: ReadonlyMap<unknown, string> = new Map(),
  exported: readonly Record<string, unknown>[] = modules,
) {
  const known = namesOf(exported, more)
  /** A shape whose name is left out: a query, of which each field is a parameter. */
  let inlined: z.ZodType | undefined
  let direction: 'input' | 'output' = 'input'
  const metadata = Object.assign(z.registry<Record<string, unknown>>(), {
    get(shape: z.core.$ZodType) {
      const id = shape === inlined ? undefined : known[direction].get(shape)
      return { ...z.globalRegistry.get(shape), ...(id !== undefined && { id }) }
    },
  })
  const found = { input: new Map<string, Schema>(), output: new Map<string, Schema>() }

  /** A shape as JSON Schema 2020-12: `input` for requests, `output` for answers. Shapes with a name are references. */
  function schemaOf(shape: z.ZodType, io: 'input' | 'output', { inline = false } = {}): Schema {
    inlined = inline ? shape : undefined
    direction = io
    const made = z.toJSONSchema(shape, {
      target: 'draft-2020-12',
      io,
      unrepresentable: 'any',
      reused: 'inline',
      metadata,
      ...(io === 'output' && { override: open }),
    })
    const {
      $schema: _,
      $defs = {},
      ...schema
    } = spelled(JSON.parse(JSON.stringify(made).replaceAll(anyJson, '{}'))) as Schema & {
      $defs?: Record<string, Schema>
    }
    for (const [name, { id: __, ...one }] of Object.entries($defs)) if (!name.startsWith('__')) found[io].set(name, one)
    return JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', `#/${io}/`)) as Schema
  }

  /** The names whose shape differs between requests and answers, or refers to one that does. */
  function differing(): Set<string> {
    const names = new Set<string>()
    for (let before = -1; before !== names.size;) {
      before = names.size
      for (const [name, input] of found.input) {
        const text = JSON.stringify(input)
        const output = found.output.get(name)
        const isOther = output !== undefined && JSON.stringify(output) !== text
        if (isOther || (output && [...names].some((other) => text.includes(`"#/$defs/${other}"`)))) names.add(name)
      }
    }
    return names
  }

  return {
    schemaOf,
    /** The paths with their references, and the schemas with a name. Call it last. */
    finish<Value>(unfinished: Value): { value: Value; schemas: Record<string, Schema> } {
      const other = differing()
      const nameOf = (io: string, name: string) => (io === 'input' && other.has(name) ? `${name}Input` : name)
      const resolved = <One>(value: One, io?: string): One =>
        JSON.parse(
          JSON.stringify(value).replaceAll(
            /"#\/(input|output|\$defs)\/(\w+)"/g,
            (_, where: string, name: string) => `"#/components/schemas/${nameOf(io ?? where, name)}"`,
          ),
        ) as One
      const all = new Map(
        (['output', 'input'] as const).flatMap((io) =>
          [...found[io]].map(([name, schema]) => [nameOf(io, name), resolved(schema, io)] as const),
        ),
      )
      const used = new Set<string>()
      const use = (value: unknown) => {
        for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
          if (used.has(name!)) continue
          used.add(name!)
          use(all.get(name!))
        }
      }
      const ready = resolved(unfinished)
      use(ready)
      return { value: ready, schemas: Object.fromEntries([...used].toSorted().map((name) => [name, all.get(name)!])) }
    },
  }
}
