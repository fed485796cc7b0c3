import { z } from 'zod'
import { literalOf } from '#db/literal'

type Pick = (value: unknown) => unknown

const pickers = new WeakMap<z.ZodType, Pick>()

/** Takes from a value of our own only what its shape names, without checking the rest again. Compiled once for each shape. */
export function pickerOf(shape: z.ZodType): Pick {
  let pick = pickers.get(shape)
  if (!pick) pickers.set(shape, (pick = isOpen(shape) ? whole : compiled(shape)))
  return pick
}

const whole: Pick = (value) => value

type Part = z.ZodType & { _zod: { def: { checks?: { _zod: { def: { check: string } } }[] } } }

/** Whether a check replaces the value, for example by trimming it. */
const replaces = (shape: Part) => shape._zod.def.checks?.some((check) => check._zod.def.check === 'overwrite') ?? false

const scalars = [
  z.ZodString,
  z.ZodNumber,
  z.ZodBoolean,
  z.ZodEnum,
  z.ZodLiteral,
  z.ZodNull,
  z.ZodUndefined,
  z.ZodUnknown,
  z.ZodAny,
]

/** Whether parsing can leave nothing out and change nothing, so that the value is its own picture: scalars, and JSON. */
function isOpen(shape: z.ZodType, above: ReadonlySet<z.ZodType> = new Set()): boolean {
  if (above.has(shape)) return true
  const within = new Set(above).add(shape)
  const areOpen = (...parts: unknown[]) => parts.every((part) => isOpen(part as z.ZodType, within))
  if (replaces(shape)) return false
  if (scalars.some((kind) => shape instanceof kind) || shape instanceof z.ZodStringFormat) return true
  if (shape instanceof z.ZodNumberFormat) return true
  if (shape instanceof z.ZodNullable || shape instanceof z.ZodOptional) return areOpen(shape.unwrap())
  if (shape instanceof z.ZodLazy) return areOpen(shape.unwrap())
  if (shape instanceof z.ZodArray) return areOpen(shape.element)
  if (shape instanceof z.ZodRecord) return areOpen(shape.keyType, shape.valueType)
  if (shape instanceof z.ZodUnion) return areOpen(...shape.options)
  return false
}

/** A shape that is taken apart here; others, such as unions of objects and defaults, are parsed. */
function compiled(shape: z.ZodType): Pick {
  if (replaces(shape)) return (value) => shape.parse(value)
  if (shape instanceof z.ZodNullable || shape instanceof z.ZodOptional) {
    const inner = pickerOf(shape.unwrap() as z.ZodType)
    return (value) => (value === null || value === undefined ? value : inner(value))
  }
  if (shape instanceof z.ZodArray) {
    const element = pickerOf(shape.element as z.ZodType)
    return (value) => (value as unknown[]).map((one) => element(one))
  }
  if (shape instanceof z.ZodRecord && isOpen(shape.keyType as z.ZodType)) {
    const one = pickerOf(shape.valueType as z.ZodType)
    return (value) => Object.fromEntries(Object.entries(value as object).map(([key, some]) => [key, one(some)]))
  }
  if (shape instanceof z.ZodObject && (!shape.def.catchall || shape.def.catchall instanceof z.ZodNever))
    return objectPicker(shape.shape)
  return (value) => shape.parse(value)
}

function objectPicker(fields: Record<string, z.ZodType>): Pick {
  const names = Object.keys(fields)
  const picks = names.map((name) => pickerOf(fields[name]!))
  const taken = names.map((name, i) => {
    const field = `source[${JSON.stringify(name)}]`
    return { name, expression: picks[i] === whole ? field : `parts[${i}](${field})` }
  })
  return literalOf(taken, picks)
}
