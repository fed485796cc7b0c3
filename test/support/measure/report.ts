import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'

export const say = (line: string) => void process.stderr.write(`${line}\n`)

export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The smallest value that at least this percentage does not exceed. */
export const percentile = (values: number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)]!

/** Three significant digits with thousands separators. */
export const figure = (value: number) => Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 })

export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`
}

/** A table that is aligned on a terminal and valid Markdown: text to the left, numbers to the right. */
export function table(header: string[], rows: string[][]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))
  const line = (cells: string[]) => `| ${cells.map(pad).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

export type Ratio = { what: string; value: number; reach: string; holds: boolean }

export type Report = { name: string; title: string; how: string; table: string; ratios: Ratio[]; raw: unknown }

/** Prints the outcome and saves it in `results/`, as Markdown to read and as JSON with every single measurement. */
export function publish({ name, title, how, table: rows, ratios, raw }: Report): void {
  const outcome = table(
    ['ratio', 'measured', 'reach', ''],
    ratios.map(({ what, value, reach, holds }) => [what, `${figure(value)} ×`, reach, holds ? 'yes' : 'NO']),
  )
  const markdown = [`## ${title}`, how, rows, outcome, `Machine: ${machine()}. \`npm run bench ${name}\`.`].join('\n\n')
  const folder = join(import.meta.dirname, '..', '..', '..', 'bench', 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.md`), `${markdown}\n`)
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ machine: machine(), ratios, raw }, null, 2)}\n`)
  process.stdout.write(`\n${markdown}\n\n`)
}
