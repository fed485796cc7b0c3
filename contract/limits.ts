const KIB = 1024

/** What a project's data may have. Rows that were larger before stay; a write that leaves one over a limit is refused. Bytes are of JSON in UTF-8. */
export const dataLimits = {
  /** All properties of an entity or a relationship together, defaults included. With the labels an entity stays below 256 KiB. */
  propertiesBytes: 192 * KIB,
  /** All labels of an entity or a relationship together. */
  labelsBytes: 60 * KIB,
  /** Levels of a cell hierarchy: a cell with no parent is the first. */
  cellDepth: 32,
  /** Cells that an entity is in, their parents included. */
  cellsOfEntity: 256,
} as const

/** A page of a list ends after so many bytes, also before its `limit`; `Link` leads on. */
export const PAGE_BYTES = 4 * KIB * KIB

export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length
