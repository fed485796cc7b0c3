import { z } from 'zod'

const KIB = 1024

/** What a project's data may have. Rows that were larger before stay; a write that leaves one over a limit is refused. Bytes are of JSON in UTF-8. */
export const dataLimits = {
  /** One document of any kind: an entity type, a relationship type, a cell, an agent. */
  documentBytes: 256 * KIB,
  /** One value of a property. */
  propertyValueBytes: 64 * KIB,
  /** All properties of an entity or a relationship together, defaults included. With the labels an entity stays below 256 KiB. */
  propertiesBytes: 192 * KIB,
  /** All labels of an entity or a relationship together. */
  labelsBytes: 60 * KIB,
  /** Metrics of an entity type, and so of a push. */
  metrics: 100,
  /** Levels of a cell hierarchy: a cell with no parent is the first. */
  cellDepth: 32,
  /** Cells that an entity is in, their parents included. */
  cellsOfEntity: 256,
} as const

/** A page of a list ends after so many bytes, also before its `limit`; `Link` leads on. */
export const PAGE_BYTES = 4 * KIB * KIB

/** How long a value is as JSON in UTF-8. */
export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** What a value of more than so many bytes is told. */
export const tooLargeMessage = (bytes: number) => `must be at most ${bytes / KIB} KiB of JSON`

/** The shapes that have a limit in bytes of JSON. */
export const byteLimits = z.registry<{ bytes: number }>()

/** A shape whose values are at most so many bytes of JSON; the OpenAPI document says so too. */
export function upTo<Shape extends z.ZodType>(bytes: number, shape: Shape, message = tooLargeMessage(bytes)): Shape {
  const limited = shape.refine((value) => bytesOf(value) <= bytes, message).describe(`At most ${bytes / KIB} KiB of JSON.`)
  byteLimits.add(limited, { bytes })
  return limited
}
