import { z } from 'zod'

const KIB = 1024

/**
 * The limits of a project's data. Rows that exceeded a limit before it existed stay; a write that leaves one above it is refused.
 * Bytes are of JSON in UTF-8.
 */
export const dataLimits = {
  /** One document of any kind: an entity type, a relationship type, a cell, an agent. */
  documentBytes: 256 * KIB,
  /** One value of a property. */
  propertyValueBytes: 64 * KIB,
  /** All properties of an entity or a relationship together, defaults included. With its labels an entity stays below 256 KiB. */
  propertiesBytes: 192 * KIB,
  /** All labels of an entity or a relationship together. */
  labelsBytes: 60 * KIB,
  /** Metrics of an entity type, and so of a push. */
  metrics: 100,
  /** Levels of a cell hierarchy; a cell without parents is the first level. */
  cellDepth: 32,
  /** Cells that an entity is in, including their parents. */
  cellsOfEntity: 256,
} as const

/** A page of a list ends after this many bytes, even before its `limit`; `Link` gives the next page. */
export const PAGE_BYTES = 4 * KIB * KIB

/** The length of a value as JSON in UTF-8. */
export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** The message for a value that exceeds a limit in bytes. */
export const tooLargeMessage = (bytes: number) => `must be at most ${bytes / KIB} KiB of JSON`

/** The shapes that have a limit in bytes of JSON. */
export const byteLimits = z.registry<{ bytes: number }>()

/** Limits a shape to this many bytes of JSON; the OpenAPI document shows the limit too. */
export function upTo<Shape extends z.ZodType>(bytes: number, shape: Shape): Shape {
  const limited = shape
    .refine((value) => bytesOf(value) <= bytes, tooLargeMessage(bytes))
    .describe(`At most ${bytes / KIB} KiB of JSON.`)
  byteLimits.add(limited, { bytes })
  return limited
}
