import { type Document, type LineCounter, type Node, isCollection, isMap, isPair, isScalar } from 'yaml'
import { roundedMessage, roundedTo } from '#contract/exact-number'
import type { DomainError } from '#domain/errors'
import { invalid } from './refusal.ts'

/** The tags of YAML's core schema, and `!`, which means none. */
const core = new Set(['!', ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`)])

/** A node, and what leads to it. */
type Place = { node: unknown; above: Place | undefined; step: string | number | undefined }

/**
 * Refuses a document whose value is not what its text says: a repeated key, a tag that is not resolved, a number that would be
 * rounded or that JSON does not have. Compares keys in a set, where the library's parser would compare all pairs. `skipped` items
 * of its list were read before.
 */
export function assertSaidInYaml(document: Document.Parsed, lines: LineCounter, skipped: number): void {
  const [warning] = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED' || code === 'BAD_COLLECTION_TYPE')
  if (warning) throw unresolved(lines.linePos(warning.pos[0]).line)
  const pending: Place[] = [{ node: document.contents, above: undefined, step: undefined }]
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { node } = place
    const push = (inner: unknown, step: string | number) => void pending.push({ node: inner, above: place, step })
    if (isMap(node)) {
      assertTag(node, lines)
      const seen = new Set<string>()
      for (const { key, value } of node.items) {
        const name = nameOf(key)
        assertTag(key as Node, lines)
        if (seen.has(name)) throw repeated(name, lines.linePos((key as Node).range![0]).line)
        seen.add(name)
        push(value, name)
      }
    } else if (isCollection(node)) {
      assertTag(node, lines)
      const isList = place.step === undefined || (place.step === 'items' && place.above!.step === undefined)
      for (const [i, item] of node.items.entries()) push(isPair(item) ? item.value : item, i + (isList ? skipped : 0))
    } else if (isScalar(node)) {
      assertTag(node, lines)
      if (typeof node.value !== 'number') continue
      const problem = numberProblem(node.value, node.source ?? '')
      if (problem !== undefined) throw wrongNumber(place, problem, lines.linePos(node.range![0]).line)
    }
  }
}

// The parser has already refused all other kinds of keys.
const nameOf = (key: unknown) => (isScalar(key) ? String(key.value) : '')

function assertTag(node: Node, lines: LineCounter): void {
  if (node && 'tag' in node && node.tag !== undefined && !core.has(node.tag)) throw unresolved(lines.linePos(node.range![0]).line)
}

const unresolved = (line: number) =>
  invalid(`The YAML body has a tag on line ${line} that has no meaning here. Write the value without the tag`)

const shown = (name: string) => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)

const repeated = (name: string, line: number) =>
  invalid(`The body is not valid YAML: the key ${shown(name)} is given twice, the second time on line ${line}`, [
    { path: name, message: 'must be given only once' },
  ])

const radix = /^0[xo]/
/** Hexadecimal digits of any number that is kept exactly, and some more. */
const MOST_DIGITS = 40

function numberProblem(value: number, source: string): string | undefined {
  if (!Number.isFinite(value) && /[.][in]/i.test(source)) return 'must be a finite number'
  const isLong = radix.test(source) && source.length > MOST_DIGITS
  const rounded = isLong ? String(value) : roundedTo(radix.test(source) ? String(BigInt(source)) : source)
  return rounded === undefined ? undefined : roundedMessage(rounded)
}

function wrongNumber(place: Place, message: string, line: number): DomainError {
  const steps: (string | number)[] = []
  for (let at: Place | undefined = place; at; at = at.above) if (at.step !== undefined) steps.unshift(at.step)
  const path = steps.join('.')
  const where = path.length > 200 ? `${path.slice(0, 200)}…` : path || 'The value'
  return invalid(`${where} on line ${line} ${message}`, [{ path, message }])
}
