import { z } from 'zod'
import type { Kind } from '#contract/apply/apply'
import { CreateCell } from '#contract/catalog/cells'
import { CreateEntity } from '#contract/data/entities'
import { CreateEntityType } from '#contract/catalog/entity-types'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship } from '#contract/data/relationships'
import { CreateSecret } from '#contract/catalog/secrets'
import { detailsOf } from '#contract/issues'
import { inTurns } from '../give-way.ts'

/** In the order in which they are applied: the catalog, then the data (reference 7). */
const shapes = {
  EntityType: CreateEntityType,
  Secret: CreateSecret,
  Cell: CreateCell,
  RelationshipType: CreateRelationshipType,
  Entity: CreateEntity,
  Relationship: CreateRelationship,
} as const satisfies Record<Kind, z.ZodType>

export type Shaped = { [K in Kind]: z.output<(typeof shapes)[K]> }

/** A document of valid shape. `index` is its place in the request. */
export type Item<K extends Kind = Kind> = { kind: K; name: string; index: number; spec: Shaped[K] }

/** What is wrong with a document: where, and what to change. */
export type Problem = { kind: string; name: string; error: string; index?: number; path?: string }

const Envelope = z.looseObject({
  apiVersion: z.string(),
  kind: z.string().optional(),
  metadata: z.looseObject({ name: z.string().optional(), labels: z.unknown().optional() }).optional(),
  spec: z.record(z.string(), z.unknown()).optional(),
})

/** Turns `apiVersion`, `kind`, `metadata.name`, `spec` into the flat form; flat documents stay. */
function flatten(document: Record<string, unknown>): Record<string, unknown> {
  // A refusal by the shape costs much more, and most documents are flat.
  if (typeof document['apiVersion'] !== 'string') return document
  const envelope = Envelope.safeParse(document)
  if (!envelope.success) return document
  const { kind, metadata = {}, spec = {} } = envelope.data
  const labels = metadata.labels === undefined ? {} : { labels: metadata.labels }
  return { ...labels, ...spec, kind, ...(metadata.name === undefined ? {} : { name: metadata.name }) }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** A relationship has no name of its own; its ends and type identify it. */
export const relationshipName = (from: string, type: string, to: string) => `${from} ${type} ${to}`

function nameOf(flat: Record<string, unknown>): string {
  return flat['kind'] === 'Relationship'
    ? relationshipName(text(flat['from']), text(flat['relationshipType']), text(flat['to']))
    : text(flat['name'])
}

/** An entity's name is unique only within its type. */
const identityOf = ({ kind, name, spec }: Item) =>
  JSON.stringify([kind, kind === 'Entity' ? (spec as Shaped['Entity']).entityType : '', name])

/** The documents by kind, and what is wrong with the rest. Plain data, because another thread reads large bodies. */
export type ReadItems = { items: { [K in Kind]: Item<K>[] }; problems: Problem[] }

/** Reads documents, giving way to other requests. Problems are unknown kinds, wrong shapes and repeated names. */
export async function readItems(documents: Record<string, unknown>[]): Promise<ReadItems> {
  const items: ReadItems['items'] = {
    EntityType: [],
    Secret: [],
    Cell: [],
    RelationshipType: [],
    Entity: [],
    Relationship: [],
  }
  const problems: Problem[] = []
  const seen = new Map<string, number>()
  for await (const [index, document] of inTurns(documents.entries())) {
    const flat = flatten(document)
    const kind = text(flat['kind'])
    const name = nameOf(flat)
    const shape = Object.hasOwn(shapes, kind) ? shapes[kind as Kind] : undefined
    if (!shape) {
      problems.push({ kind, name, index, path: 'kind', error: `must be one of ${Object.keys(shapes).join(', ')}` })
      continue
    }
    const parsed = shape.safeParse(flat)
    if (!parsed.success) {
      problems.push({ kind, name, index, ...firstOf(parsed.error) })
      continue
    }
    // The shape composes names.
    const item = { kind, name: nameOf(parsed.data), index, spec: parsed.data } as Item
    const identity = identityOf(item)
    const earlier = seen.get(identity)
    if (earlier !== undefined) {
      problems.push({ kind, name, index, path: 'name', error: `repeats item ${earlier}` })
      continue
    }
    seen.set(identity, index)
    ;(items[item.kind] as Item[]).push(item)
  }
  return { items, problems }
}

function firstOf(error: z.ZodError): { path: string; error: string } {
  const [{ path, message } = { path: '', message: 'is not valid' }] = detailsOf(error)
  return { path, error: message }
}
