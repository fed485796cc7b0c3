/** What a byte of MessagePack begins: how many bytes of length follow, how many bytes of content, how many values are inside. */
type Head = { length: number; content: number; inside: number }

const fixed = (content: number): Head => ({ length: 0, content, inside: 0 })
const sized = (length: number, more = 0): Head => ({ length, content: more, inside: 0 })

/** Types with their length after them: bin, ext and str 8 to 32. The rest of 0xc0–0xd8 has a fixed one. */
const heads: Record<number, Head> = {
  0xc4: sized(1),
  0xc5: sized(2),
  0xc6: sized(4),
  0xc7: sized(1, 1),
  0xc8: sized(2, 1),
  0xc9: sized(4, 1),
  0xca: fixed(4),
  0xcb: fixed(8),
  0xcc: fixed(1),
  0xcd: fixed(2),
  0xce: fixed(4),
  0xcf: fixed(8),
  0xd0: fixed(1),
  0xd1: fixed(2),
  0xd2: fixed(4),
  0xd3: fixed(8),
  0xd4: fixed(2),
  0xd5: fixed(3),
  0xd6: fixed(5),
  0xd7: fixed(9),
  0xd8: fixed(17),
  0xd9: sized(1),
  0xda: sized(2),
  0xdb: sized(4),
}

/** Reads MessagePack from front to back without building its values. Every method stops at the end of a cut message. */
class Reader {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  isOver = () => this.#at >= this.#bytes.length

  /** The number of pairs when a map comes next, which is entered; otherwise undefined, and the value is skipped. */
  map = () => this.#enter(0x80, 0xde)

  /** The number of items when an array comes next. */
  array = () => this.#enter(0x90, 0xdc)

  /** The next value if it is a short text, such as a key; it is skipped. */
  text(): string | undefined {
    const start = this.#at
    const type = this.#bytes[start] ?? 0
    this.skip()
    const from = type >= 0xa0 && type < 0xc0 ? start + 1 : type === 0xd9 ? start + 2 : undefined
    return from === undefined ? undefined : this.#bytes.toString('utf8', from, this.#at)
  }

  /** Passes over one value with everything inside, without recursion. */
  skip(): void {
    for (let left = 1; left > 0 && !this.isOver(); left--) left += this.#pass()
  }

  /** Passes over the head of a value and its content. Returns how many values are inside. */
  #pass(): number {
    const type = this.#bytes[this.#at++]!
    if (type < 0x80 || type >= 0xe0) return 0
    if (type < 0x90) return (type & 0x0f) * 2
    if (type < 0xa0) return type & 0x0f
    if (type < 0xc0) return this.#move(type & 0x1f)
    if (type >= 0xdc) return this.#number(type % 2 === 0 ? 2 : 4) * (type >= 0xde ? 2 : 1)
    const head = heads[type]
    return head ? this.#move((head.length > 0 ? this.#number(head.length) : 0) + head.content) : 0
  }

  #enter(short: number, long: number): number | undefined {
    const type = this.#bytes[this.#at] ?? 0
    if (type >= short && type < short + 16) {
      this.#at++
      return type & 0x0f
    }
    if (type === long || type === long + 1) {
      this.#at++
      return this.#number(type === long ? 2 : 4)
    }
    this.skip()
    return undefined
  }

  #number(length: number): number {
    const from = this.#at
    this.#at += length
    return this.#at > this.#bytes.length ? 0 : this.#bytes.readUIntBE(from, length)
  }

  #move(by: number): number {
    this.#at += by
    return 0
  }
}

/**
 * The number of values in metrics as Fluent Bit and Fluentd send them: messages one after the other, each a map whose `metrics`
 * is a list of maps with their `values`. Anything else counts as none.
 */
export function countMetrics(bytes: Buffer): number {
  const reader = new Reader(bytes)
  let total = 0
  /** Calls `found` where the value of the key is next, in the map that comes next. */
  const at = (key: string, found: () => void) => {
    const pairs = reader.map() ?? 0
    for (let i = 0; i < pairs && !reader.isOver(); i++) {
      if (reader.text() === key) found()
      else reader.skip()
    }
  }
  const values = () => {
    const n = reader.array() ?? 0
    for (let i = 0; i < n && !reader.isOver(); i++, total++) reader.skip()
  }
  const metrics = () => {
    const n = reader.array() ?? 0
    for (let i = 0; i < n && !reader.isOver(); i++) at('values', values)
  }
  while (!reader.isOver()) at('metrics', metrics)
  return total
}
