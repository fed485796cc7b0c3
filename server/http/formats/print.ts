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

type Printed = { output: unknown; body: string | undefined }

/** How to take a shape apart down to its lists; undefined for a shape without lists, or one that must be validated as a whole. */
type Plan = { element: z.ZodType } | { fields: [string, z.ZodType][] }

/**
 * What the contract names of a result, and that as JSON. Long lists are processed a slice at a time, so that other requests are
 * answered in between; the bytes are the same.
 */
export async function print(returns: z.ZodType, result: unknown): Promise<{ output: unknown; body: string }> {
  if (Object.isFrozen(result)) return constant(returns, result)
  if (!isLong(returns, result)) return plain(returns, result) as { output: unknown; body: string }
  const turn = takeTurns()

  async function list(element: z.ZodType, values: unknown[]): Promise<Printed> {
    const output: unknown[] = []
    let body = ''
    for (const value of values) {
      if (turn.isOver()) await turn.giveWay()
      // Avoids a promise for each of a hundred thousand elements.
      const one = isLong(element, value) ? await any(element, value) : plain(element, value)
      output.push(one.output)
      body += `${output.length === 1 ? '' : ','}${one.body ?? 'null'}`
    }
    return { output, body: `[${body}]` }
  }

  async function object(fields: [string, z.ZodType][], value: Record<string, unknown>): Promise<Printed> {
    const output: Record<string, unknown> = {}
    const body: string[] = []
    for (const [key, field] of fields) {
      const one = await any(field, value[key])
      if (one.body === undefined) continue
      output[key] = one.output
      body.push(`${JSON.stringify(key)}:${one.body}`)
    }
    return { output, body: `{${body.join(',')}}` }
  }

  async function any(shape: z.ZodType, value: unknown): Promise<Printed> {
    const plan = isLong(shape, value) ? planOf(shape) : undefined
    if (!plan) return plain(shape, value)
    return 'element' in plan ? list(plan.element, value as unknown[]) : object(plan.fields, value as Record<string, unknown>)
  }

  return (await any(returns, result)) as { output: unknown; body: string }
}

const constants = new WeakMap<object, { output: unknown; body: string }>()

/** Prints a constant, such as the API's description, once: it is long, and anybody may request it. */
function constant(returns: z.ZodType, result: unknown): { output: unknown; body: string } {
  if (typeof result !== 'object' || result === null) return plain(returns, result) as { output: unknown; body: string }
  let printed = constants.get(result)
  if (!printed) constants.set(result, (printed = plain(returns, result) as { output: unknown; body: string }))
  return printed
}

function plain(shape: z.ZodType, value: unknown): Printed {
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
