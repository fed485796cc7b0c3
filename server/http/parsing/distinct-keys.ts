import { type Document, type LineCounter, type Node, isCollection, isMap, isPair, isScalar } from 'yaml'
import { invalid } from './refusal.ts'

/** Refuses duplicate keys, which are ambiguous. Uses a set, where the library's parser would compare all pairs. */
export function assertDistinctKeys(document: Document.Parsed, lines: LineCounter): void {
  const pending: unknown[] = [document.contents]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isPair(node)) {
      pending.push(node.value)
    } else if (isCollection(node)) {
      if (isMap(node))
        assertDistinct(
          node.items.map((pair) => pair.key as Node),
          lines,
        )
      for (const item of node.items) pending.push(item)
    }
  }
}

function assertDistinct(keys: Node[], lines: LineCounter): void {
  const seen = new Set<string>()
  for (const key of keys) {
    // The parser has already refused all other kinds of keys.
    const name = isScalar(key) ? String(key.value) : ''
    if (seen.has(name)) {
      const { line } = lines.linePos(key.range![0])
      throw invalid(`The body is not valid YAML: the key ${shown(name)} is given twice, the second time on line ${line}`, [
        { path: name, message: 'must be given only once' },
      ])
    }
    seen.add(name)
  }
}

const shown = (name: string) => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
