import { z } from 'zod'
import { takeTurns } from '#domain/give-way'
import { pickerOf } from './pick.ts'

let isPicking = false

/**
 * From now on this process takes what a shape names from its own results without checking them again. A production server does;
 * elsewhere, tests included, every answer is checked, and must be the same.
 */
export const pickOnly = (): void => void (isPicking = true)

/** A longer list is validated and printed in slices; pages are shorter. */
const LONG = 200
/** Characters that become bytes at once. */
const PIECE = 64 * 1024

/** JSON. Long JSON is bytes: as a string it would be copied several times on its way to the client. */
export type Json = string | Buffer

/** `output`: what the contract names of a value, but the elements of a list as they came, since long lists are not copied. */
type Printed = { output: unknown; body: Json }
type Part = { output: unknown; body: Json | undefined }

/** How to take a shape apart down to its lists; undefined for a shape without lists, or one that must be validated as a whole. */
type Plan = { element: z.ZodType } | { fields: [string, z.ZodType][] }

/**
 * What the contract names of a result, and that as JSON. Long lists are processed a slice at a time, so that other requests are
 * answered in between; the bytes are the same.
 */
export async function print(returns: z.ZodType, result: unknown): Promise<Printed> {
  if (Object.isFrozen(result)) return constant(returns, result)
  if (!isLong(returns, result)) return plain(returns, result) as Printed
  const turn = takeTurns()

  async function list(element: z.ZodType, values: unknown[]): Promise<Part> {
    const text = gathered()
    let isFirst = true
    for (const value of values) {
      if (turn.isOver()) await turn.giveWay()
      // Avoids a promise for each of a hundred thousand elements.
      const { body = 'null' } = isLong(element, value) ? await any(element, value) : plain(element, value)
      text.add(isFirst ? '[' : ',')
      text.add(body)
      isFirst = false
    }
    text.add(']')
    return { output: values, body: text.whole() }
  }

  async function object(fields: [string, z.ZodType][], value: Record<string, unknown>): Promise<Part> {
    const output: Record<string, unknown> = {}
    const text = gathered()
    let isFirst = true
    for (const [key, field] of fields) {
      const one = await any(field, value[key])
      if (one.body === undefined) continue
      output[key] = one.output
      text.add(`${isFirst ? '{' : ','}${JSON.stringify(key)}:`)
      text.add(one.body)
      isFirst = false
    }
    text.add(isFirst ? '{}' : '}')
    return { output, body: text.whole() }
  }

  async function any(shape: z.ZodType, value: unknown): Promise<Part> {
    const plan = isLong(shape, value) ? planOf(shape) : undefined
    if (!plan) return plain(shape, value)
    return 'element' in plan ? list(plan.element, value as unknown[]) : object(plan.fields, value as Record<string, unknown>)
  }

  return (await any(returns, result)) as Printed
}

/** One value as JSON, with only what the contract names of it. */
export const textOf = (shape: z.ZodType, value: unknown): string => plain(shape, value).body ?? 'null'

/** Gathers JSON, and turns it into bytes when it grows long. */
function gathered() {
  const pieces: Buffer[] = []
  let text = ''
  const flush = () => {
    pieces.push(Buffer.from(text))
    text = ''
  }
  return {
    add(more: Json): void {
      if (typeof more === 'string') {
        text += more
        if (text.length >= PIECE) flush()
      } else {
        flush()
        pieces.push(more)
      }
    },
    whole(): Json {
      if (pieces.length === 0) return text
      flush()
      return Buffer.concat(pieces)
    },
  }
}

const constants = new WeakMap<object, Printed>()

/** Prints a constant, such as the API's description, once: it is long, and anybody may request it. */
function constant(returns: z.ZodType, result: unknown): Printed {
  if (typeof result !== 'object' || result === null) return plain(returns, result) as Printed
  let printed = constants.get(result)
  if (!printed) constants.set(result, (printed = plain(returns, result) as Printed))
  return printed
}

function plain(shape: z.ZodType, value: unknown): { output: unknown; body: string | undefined } {
  if (isPicking) {
    const output = pickerOf(shape)(value)
    return { output, body: JSON.stringify(output) }
  }
  const output = shape.parse(value)
  const body = JSON.stringify(output)
  if (JSON.stringify(pickerOf(shape)(value)) !== body) throw new Error('picking and parsing an answer differ')
  return { output, body }
}

/** Whether a value of this shape contains a long list. */
function isLong(shape: z.ZodType, value: unknown): boolean {
  const plan = planOf(shape)
  if (!plan) return false
  if ('element' in plan)
    return (
      Array.isArray(value) &&
      (value.length > LONG || (planOf(plan.element) !== undefined && value.some((one) => isLong(plan.element, one))))
    )
  return (
    typeof value === 'object' &&
    value !== null &&
    plan.fields.some(([key, field]) => isLong(field, (value as Record<string, unknown>)[key]))
  )
}

const plans = new WeakMap<z.ZodType, { plan: Plan | undefined }>()

function planOf(shape: z.ZodType): Plan | undefined {
  const known = plans.get(shape)
  if (known) return known.plan
  // A recursive shape is not taken apart.
  plans.set(shape, { plan: undefined })
  const plan = newPlan(shape)
  plans.set(shape, { plan })
  return plan
}

function newPlan(shape: z.ZodType): Plan | undefined {
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodNullable) return planOf(shape.unwrap() as z.ZodType)
  // Checks on a whole list or object need the whole.
  if (shape._zod.def.checks?.length) return undefined
  if (shape instanceof z.ZodArray) return { element: shape.element as z.ZodType }
  if (!(shape instanceof z.ZodObject) || shape.def.catchall) return undefined
  const fields = Object.entries(shape.shape)
  return fields.some(([, field]) => planOf(field)) ? { fields } : undefined
}
