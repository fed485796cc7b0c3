/** Bytes handed over at once, estimated: a structured clone blocks a thread as long as parsing does. */
export const AT_ONCE = 256 * 1024

type Container = unknown[] | Record<string, unknown>

/** The elements of one list or object in order (with keys for an object), and which of them later pieces fill. */
type Filling = { into: number; values: unknown[]; keys: string[] | undefined; later: Later[] }
type Later = { at: number; id: number; isList: boolean }

/** A part of a value, small enough to hand over at once. When the first has no `whole`, it says whether the value is a list. */
export type Piece = { whole: unknown } | { isList: boolean } | { fillings: Filling[] }

const HEADER = 24

/** The estimated size of a value's structured clone. Counts only until it exceeds `limit`. */
export function sizeOf(value: unknown, limit: number): number {
  if (typeof value === 'string') return HEADER + value.length
  if (typeof value !== 'object' || value === null) return 8
  let size = HEADER
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && size <= limit; i++) size += sizeOf(value[i], limit - size)
    return size
  }
  for (const key of Object.keys(value)) {
    size += key.length + 8
    if (size > limit) return size
    size += sizeOf((value as Record<string, unknown>)[key], limit - size)
  }
  return size
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

/** Splits a value into pieces. A small value is one piece; large lists and objects are taken apart recursively. */
export function* piecesOf(whole: unknown): Generator<Piece> {
  if (!isContainer(whole) || sizeOf(whole, AT_ONCE) <= AT_ONCE) {
    yield { whole }
    return
  }
  yield { isList: Array.isArray(whole) }
  let ids = 0
  let room = AT_ONCE
  let fillings: Filling[] = []
  const pending = [{ id: 0, container: whole }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { id: into, container } = next
    const keys = Array.isArray(container) ? undefined : Object.keys(container)
    let filling: Filling = { into, values: [], keys: keys && [], later: [] }
    fillings.push(filling)
    const count = keys?.length ?? (container as unknown[]).length
    for (let i = 0; i < count; i++) {
      const key = keys?.[i]
      const value = key === undefined ? (container as unknown[])[i] : (container as Record<string, unknown>)[key]
      const size = sizeOf(value, AT_ONCE)
      const isLarge = size > AT_ONCE && isContainer(value)
      const takes = (isLarge ? HEADER : size) + (key === undefined ? 0 : key.length + 8)
      if (takes > room && room < AT_ONCE) {
        yield { fillings }
        room = AT_ONCE
        filling = { into, values: [], keys: keys && [], later: [] }
        fillings = [filling]
      }
      room -= takes
      if (isLarge) {
        const id = ++ids
        filling.later.push({ at: filling.values.length, id, isList: Array.isArray(value) })
        pending.push({ id, container: value })
      }
      filling.values.push(isLarge ? null : value)
      if (key !== undefined) filling.keys!.push(key)
    }
  }
  yield { fillings }
}

/** Reassembles a value piece by piece. */
export function assembly() {
  const containers: Container[] = []
  let value: unknown
  const open = (id: number, isList: boolean) => (containers[id] = isList ? [] : {})
  return {
    add(piece: Piece): void {
      if ('whole' in piece) value = piece.whole
      else if ('isList' in piece) value = open(0, piece.isList)
      else for (const filling of piece.fillings) fill(containers[filling.into]!, filling, open)
    },
    value: () => value,
  }
}

function fill(container: Container, { values, keys, later }: Filling, open: (id: number, isList: boolean) => Container): void {
  for (const { at, id, isList } of later) values[at] = open(id, isList)
  if (Array.isArray(container)) for (const value of values) container.push(value)
  else for (const [i, value] of values.entries()) container[keys![i]!] = value
}
