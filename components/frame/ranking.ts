interface Findable {
  label: string
  hint?: string
  keywords?: readonly string[]
}

/** Longer texts match no name, and comparing them takes long. */
const LONGEST_SEARCH = 100

const folded = (text: string) => text.normalize('NFC').toLowerCase()
const startsWord = (text: string, typed: string) => text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(typed))

/**
 * How well a text finds an item; 0 if it does not. What begins with the text comes before what contains it, the label before the
 * hint and other words, and all words in any order come last.
 */
export function scoreOf({ label, hint = '', keywords = [] }: Findable, text: string): number {
  const typed = folded(text.trim())
  if (typed === '') return 1
  if (typed.length > LONGEST_SEARCH) return 0
  const name = folded(label)
  if (name.startsWith(typed)) return 6
  if (startsWord(name, typed)) return 5
  if (name.includes(typed)) return 4
  const others = [hint, ...keywords].map(folded)
  if (others.some((one) => one.startsWith(typed) || startsWord(one, typed))) return 3
  if (others.some((one) => one.includes(typed))) return 2
  const all = [name, ...others].join(' ')
  return typed.split(/\s+/).every((word) => all.includes(word)) ? 1 : 0
}

/** The groups with the items that match, best first; the group with the best item comes first. */
export function ranked<Item extends Findable, Group extends { items: readonly Item[] }>(
  groups: readonly Group[],
  text: string,
): Group[] {
  if (!text.trim()) return [...groups]
  return groups
    .map((group) => {
      const scored = group.items.map((item) => ({ item, score: scoreOf(item, text) })).filter(({ score }) => score > 0)
      const sorted = scored.toSorted((a, b) => b.score - a.score || a.item.label.length - b.item.label.length)
      return { group: { ...group, items: sorted.map(({ item }) => item) }, best: sorted[0]?.score ?? 0 }
    })
    .filter(({ best }) => best > 0)
    .toSorted((a, b) => b.best - a.best)
    .map(({ group }) => group)
}
