import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#config/project-root'

export const textOf = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')

/** Without code blocks, whose brackets and hashes are not Markdown. */
const prose = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, '')

export type Table = { header: string[]; rows: string[][] }

/** The cells of a row. Bars inside code do not separate cells. */
const cellsOf = (line: string) =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())

/** Every table of a page, in order. */
export function tablesIn(text: string): Table[] {
  const tables: Table[] = []
  let table: Table | undefined
  for (const line of prose(text).split('\n')) {
    if (!line.startsWith('|')) table = undefined
    else if (!table) tables.push((table = { header: cellsOf(line), rows: [] }))
    else if (!/^\|[\s:|-]+\|$/.test(line)) table.rows.push(cellsOf(line))
  }
  return tables
}

/** The text under a heading, including its subsections and code blocks. */
export function section(text: string, heading: string): string {
  let isCode = false
  let level = 0
  const lines: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    const [, hashes, title] = (!isCode && /^(#+) (.+)$/.exec(line)) || []
    if (level > 0 && hashes && hashes.length <= level) break
    if (level > 0) lines.push(line)
    else if (title === heading) level = hashes!.length
  }
  if (level === 0) throw new Error(`there is no heading ${heading}`)
  return lines.join('\n')
}

/** The word in backticks at the start of a cell. */
export const codeIn = (cell: string): string | undefined => /^`([^`]+)`/.exec(cell)?.[1]

export const headingsOf = (text: string): string[] => [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!)

/** The anchor that GitHub derives from a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

/** The targets of a page's links and images. */
export const linksIn = (text: string): string[] =>
  [
    ...prose(text)
      .replaceAll(/`[^`]*`/g, '')
      .matchAll(/\]\((?:<([^>]+)>|([^()\s]+))\)/g),
  ].map(([, angled, plain]) => (angled ?? plain)!)
