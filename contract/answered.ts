import type { z } from 'zod'
// By itself: `z.core` would bring everything else of it into the browser, 50 kB.
import { clone } from 'zod/v4/core'

/** Rules for new values, such as names: what is stored may be older than they are, and is answered as it is. */
const RULES = new Set(['custom', 'overwrite'])

type Schema = z.core.$ZodType
type Def = z.core.$ZodTypeDef & Record<string, unknown>

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && '_zod' in value

/** A part of a definition with its schemas changed; the same object when none is. */
function mapped(part: unknown, change: (schema: Schema) => Schema): unknown {
  if (isSchema(part)) return change(part)
  if (Array.isArray(part)) {
    const parts: unknown[] = part.map((one) => mapped(one, change))
    return parts.some((one, i) => one !== part[i]) ? parts : part
  }
  return part
}

function mappedShape(shape: Record<string, Schema>, change: (schema: Schema) => Schema): Record<string, Schema> {
  const entries = Object.entries(shape).map(([name, schema]) => [name, change(schema)] as const)
  return entries.some(([name, schema]) => schema !== shape[name]) ? Object.fromEntries(entries) : shape
}

const known = new WeakMap<Schema, Schema>()

/**
 * The schema of what is answered: with its shapes and types, and without the rules that only hold for what is sent. The same for
 * the same schema, so that it can be named.
 */
export function asAnswered<One extends z.ZodType>(schema: One): One {
  const change = (one: Schema): Schema => {
    const before = known.get(one)
    if (before) return before
    const def = one._zod.def as unknown as Def
    // A schema that holds itself, as that of any JSON does, has no names.
    if (def.type === 'lazy') return one
    const checks = def.checks?.filter(({ _zod }) => !RULES.has(_zod.def.check))
    const next: Def = { ...def }
    for (const key of Object.keys(def)) if (key !== 'checks' && key !== 'shape') next[key] = mapped(def[key], change)
    if ('shape' in def) next['shape'] = mappedShape(def['shape'] as Record<string, Schema>, change)
    if (checks && checks.length !== def.checks?.length) next.checks = checks
    const isSame = Object.keys(next).every((key) => next[key] === def[key])
    // As a child of its original, it keeps the description.
    const changed = isSame ? one : clone(one, next, { parent: true })
    known.set(one, changed)
    return changed
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy of the same class
  return change(schema) as unknown as One
}
