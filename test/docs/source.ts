import { textOf } from './markdown.ts'

/** Evaluates a product or sum as the code writes it: `4 * KIB * MIB + 64 * MIB`. */
function calculated(text: string): number {
  const names: Record<string, number> = { KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, MINUTE: 60_000 }
  return text
    .split('+')
    .map((sum) =>
      sum
        .split('*')
        .map((factor) => names[factor.trim()] ?? Number(factor.replaceAll('_', '')))
        .reduce((product, factor) => product * factor),
    )
    .reduce((total, sum) => total + sum)
}

/** Numbers that a file does not export: the captured groups of a pattern. */
export function written(path: string, pattern: RegExp): number[] {
  const found = pattern.exec(textOf(path))
  if (!found) throw new Error(`${path} has no ${pattern}`)
  return found.slice(1).map((text) => calculated(text))
}

/** The value of a constant that a file does not export. */
export const constant = (path: string, name: string) =>
  written(path, new RegExp(`^(?:export )?const ${name} = ([\\d_ *+GKMIB]+)$`, 'm'))[0]!
