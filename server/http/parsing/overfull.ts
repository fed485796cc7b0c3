import { z } from 'zod'

/** A list that is longer than its shape allows: its path, and how to fix it. */
export type Overfull = { path: string[]; message: string }

/**
 * The first list of a body that is longer than its shape allows; undefined when there is none. Checked before the shape itself,
 * which would still validate every element.
 */
export function overfull(shape: z.ZodType, value: unknown, path: string[] = []): Overfull | undefined {
  const inner = unwrapped(shape)
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const most = mostOf(inner)
    if (most && value.length > most.length) return { path, message: most.message }
    return firstIn(value.entries(), () => inner.element as z.ZodType, path)
  }
  if (inner instanceof z.ZodObject && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const fields = inner.shape as Record<string, z.ZodType>
    return firstIn(Object.entries(value), (key) => (Object.hasOwn(fields, key) ? fields[key] : undefined), path)
  }
  return undefined
}

function firstIn(
  entries: Iterable<[string | number, unknown]>,
  shapeOf: (key: string) => z.ZodType | undefined,
  path: string[],
): Overfull | undefined {
  for (const [key, inner] of entries) {
    const shape = shapeOf(String(key))
    if (!shape || !holdsLists(shape)) continue
    const found = overfull(shape, inner, [...path, String(key)])
    if (found) return found
  }
  return undefined
}

/** A shape without its wrappers: optional, nullable, default, transform. */
function unwrapped(shape: z.ZodType): z.ZodType {
  if (shape instanceof z.ZodPipe) return unwrapped(shape.in as z.ZodType)
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodNullable || shape instanceof z.ZodDefault)
    return unwrapped(shape.unwrap() as z.ZodType)
  return shape
}

const known = new WeakMap<z.ZodType, boolean>()

/** Whether a value of this shape contains a limited list anywhere. */
function holdsLists(shape: z.ZodType): boolean {
  const inner = unwrapped(shape)
  const before = known.get(inner)
  if (before !== undefined) return before
  known.set(inner, false)
  const holds =
    inner instanceof z.ZodArray
      ? mostOf(inner) !== undefined || holdsLists(inner.element as z.ZodType)
      : inner instanceof z.ZodObject && Object.values(inner.shape).some(holdsLists)
  known.set(inner, holds)
  return holds
}

/** The limit of a list and its sentence. */
function mostOf(list: z.ZodArray): { length: number; message: string } | undefined {
  for (const { _zod } of list.def.checks ?? []) {
    const def = _zod.def as z.core.$ZodCheckMaxLengthDef
    if (def.check !== 'max_length') continue
    const length = def.maximum
    const own = def.error?.({ code: 'too_big', origin: 'array', maximum: length, inclusive: true, input: [], path: [] } as never)
    const message = typeof own === 'string' ? own : own?.message
    return { length, message: message ?? `must have at most ${length.toLocaleString('en-US')} items` }
  }
  return undefined
}
