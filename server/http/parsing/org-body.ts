import { type Apply, applyOperations } from '#contract/apply/apply'
import type { Operation } from '#contract/operation'
import { readItems } from '#domain/apply/items'
import { overfull } from './overfull.ts'
import { refuse, unfit } from './refusal.ts'
import { type Format, toValue } from './value.ts'

type Named = Pick<Operation, 'method' | 'path'>

/** Names an operation to another thread, which has its own copy of it. */
export const keyOf = ({ method, path }: Named) => `${method} ${path}`

/** What a verb would do first with a body that fits, where that takes as long as judging it: `apply` takes its items as read, too. */
const readers: Record<string, (body: never) => Promise<unknown>> = {
  [keyOf(applyOperations.apply)]: async (body: Apply) => ({ ...body, items: await readItems(body.items) }),
}

/** A body of the Org API against its shape; without any bytes an empty one. */
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
