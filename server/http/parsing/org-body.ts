import { type Apply, applyOperations } from '#contract/apply/apply'
import type { Operation } from '#contract/operation'
import { readItems } from '#domain/apply/items'
import { overfull } from './overfull.ts'
import { refuse, unfit } from './refusal.ts'
import { type Format, toValue } from './value.ts'

type Named = Pick<Operation, 'method' | 'path'>

/** Identifies an operation to another thread, which has its own copy of it. */
export const keyOf = ({ method, path }: Named) => `${method} ${path}`

/**
 * The first step of a verb after validation, where that takes as long as validation itself: `apply` also reads its items here.
 */
const readers: Record<string, (body: never) => Promise<unknown>> = {
  [keyOf(applyOperations.apply)]: async (body: Apply) => ({ ...body, items: await readItems(body.items) }),
}

/** Parses a body of the Org API with its shape. No bytes mean an empty object. */
export async function orgBody(operation: Operation, bytes: Uint8Array | undefined, format: Format): Promise<unknown> {
  const shape = operation.body!
  const value = bytes ? toValue(bytes, format) : {}
  const tooLong = overfull(shape, value)
  if (tooLong) throw unfit([{ path: tooLong.path.join('.'), message: tooLong.message }], 'body')
  const parsed = shape.safeParse(value)
  if (!parsed.success) return refuse(parsed.error, 'body')
  const read = readers[keyOf(operation)]
  return read ? read(parsed.data as never) : parsed.data
}
