import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The numbers of one segment of a source map: base 64, least significant digits first, the sign last. */
function numbersIn(segment: string): number[] {
  const numbers: number[] = []
  let value = 0
  let shift = 0
  for (const character of segment) {
    const digit = digits.indexOf(character)
    value += (digit & 31) << shift
    shift += 5
    if (digit & 32) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    value = 0
    shift = 0
  }
  return numbers
}

type Map = { sources: string[]; mappings: string }
type Indexed = { sections: { offset: { line: number; column: number }; map: Map }[] }
type Start = { line: number; column: number; source: string | undefined }

function startsIn({ sources, mappings }: Map, offset: { line: number; column: number }): Start[] {
  let source = 0
  return mappings.split(';').flatMap((segments, line) => {
    let column = line === 0 ? offset.column : 0
    return segments
      .split(',')
      .filter(Boolean)
      .map((segment) => {
        const [columns = 0, step] = numbersIn(segment)
        column += columns
        source += step ?? 0
        return { line: offset.line + line, column, source: step === undefined ? undefined : sources[source] }
      })
  })
}

/** How many characters of a script came from each source, by the source map that it names; none without one. */
export function sizesBySource(file: string): Record<string, number> {
  const text = readFileSync(file, 'utf8')
  const name = /sourceMappingURL=(\S+)/.exec(text)?.[1]
  if (name === undefined) return {}
  const lines = text.split('\n')
  const map = JSON.parse(readFileSync(join(dirname(file), name), 'utf8')) as Map | Indexed
  const sections = 'sections' in map ? map.sections : [{ offset: { line: 0, column: 0 }, map }]
  const starts = sections
    .flatMap(({ offset, map: part }) => startsIn(part, offset))
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
  const sizes: Record<string, number> = {}
  starts.forEach(({ line, column, source }, index) => {
    const next = starts[index + 1]
    const end = next?.line === line ? next.column : (lines[line]?.length ?? column)
    if (source !== undefined) sizes[source] = (sizes[source] ?? 0) + Math.max(0, end - column)
  })
  return sizes
}
