interface Listed {
  read: number
  hasMore: boolean
  /** The total number, when known. */
  total: number | null
  filtered: boolean
}

const counted = (n: number, [one, many]: readonly [string, string]) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** The number of rows as exactly as possible: the list loads page by page. */
export function countInWords(what: readonly [one: string, many: string], { read, hasMore, total, filtered }: Listed): string {
  if (!hasMore) return filtered ? `${counted(read, what)} ${read === 1 ? 'matches' : 'match'}` : counted(read, what)
  if (total !== null) return counted(total, what)
  return `More than ${counted(read, what)}${filtered ? ' match' : ''}; scroll for more`
}
