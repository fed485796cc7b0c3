import { openApiDocument } from '#contract/openapi'
import { v1OpenApiDocument } from '#contract/v1/openapi'
import type { Schema } from './schema.ts'

/** By media type; the page shows the first one. */
type Media = Record<string, { schema: Schema }>

interface Content {
  description: string
  content?: Media
}

/** One operation in the OpenAPI document. */
interface Described {
  tags: string[]
  summary: string
  description: string
  operationId: string
  parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean; description?: string; schema: Schema }[]
  requestBody?: { required: boolean; content: Media }
  responses: Record<string, Content>
}

/** One operation as the page shows it. */
export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  /** Paragraphs; the last one names the permission. */
  description: string[]
  parameters: Described['parameters']
  body: { schema: Schema; required: boolean } | undefined
  answer: { status: string; schema: Schema }
  errors: { status: string; description: string }[]
}

export interface Group {
  tag: string
  /** The last part of its page's URL. */
  slug: string
  operations: Operation[]
}

/** The introduction says these once for all operations. */
const toAll = new Set(['413', '415', '422', '503'])

const shown = (content: Media = {}): Schema => Object.values(content)[0]?.schema ?? {}

/** Both documents, in one shape. */
interface Document {
  paths: Record<string, Record<string, Described>>
  schemas: Record<string, Schema>
}
// oxlint-disable typescript/no-unsafe-type-assertion -- the documents are made in contract/, which tests hold to OpenAPI
const documents: Document[] = [openApiDocument, v1OpenApiDocument].map(({ paths, components }) => ({
  paths: paths as unknown as Document['paths'],
  schemas: components.schemas as Record<string, Schema>,
}))
// oxlint-enable typescript/no-unsafe-type-assertion

/** Puts what references name in their place, except within itself. */
function resolved<One>(value: One, schemas: Document['schemas'], within: readonly string[] = []): One {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => resolved(one, schemas, within)) as One
  const { $ref, ...own } = value as Schema
  const name = $ref?.split('/').at(-1)
  if (name !== undefined && within.includes(name)) return own as One
  const named = name === undefined ? {} : resolved(schemas[name] ?? {}, schemas, [...within, name])
  const entries = Object.entries(own).map(([key, one]) => [key, resolved(one, schemas, within)] as const)
  return { ...named, ...Object.fromEntries(entries) } as One
}

function operationOf(method: string, path: string, described: Described, schemas: Document['schemas']): Operation {
  const { operationId: id, summary, description, parameters, requestBody, responses } = described
  const statuses = Object.entries(responses)
  const [status = '', success] = statuses.find(([code]) => Number(code) < 400) ?? []
  return {
    id,
    method: method.toUpperCase(),
    path,
    summary,
    description: description.split('\n\n'),
    parameters: resolved(parameters, schemas).filter((one) => one.in !== 'header'),
    body: requestBody && { schema: resolved(shown(requestBody.content), schemas), required: requestBody.required },
    answer: { status, schema: resolved(shown(success?.content), schemas) },
    errors: statuses
      .filter(([code]) => Number(code) >= 400 && !toAll.has(code))
      .map(([code, failure]) => ({ status: code, description: failure.description })),
  }
}

function groupsOf(): Group[] {
  const byTag = new Map<string, Operation[]>()
  for (const { paths, schemas } of documents) {
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, described] of Object.entries(methods)) {
        const [tag = ''] = described.tags
        byTag.set(tag, [...(byTag.get(tag) ?? []), operationOf(method, path, described, schemas)])
      }
    }
  }
  return [...byTag].map(([tag, operations]) => ({
    tag,
    slug: tag
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, ''),
    operations,
  }))
}

/** The documents' operations by tag, in their own order. */
export const groups: readonly Group[] = groupsOf()

export const { info } = openApiDocument
