import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { join as joinUrl, dirname as folderOf } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { paths } from '#contract/paths'
import { htmlOf } from './guide-html.ts'

export interface Guide {
  /** The end of its URL: `webhooks`, `adr/0001-a-nuke-moves-a-generation`. */
  name: string
  title: string
  html: string
}

/** In the order to read them. */
const order =
  'concepts console cli api v1 webhooks permissions limits settings operations scaling figures proofs dependencies adr'.split(' ')

/** Bundled copies of this module keep the path of the source. */
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')

const nameOf = (file: string) => file.replace(/^docs\//, '').replace(/(\/README)?\.md$/, '')

const filesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`)

/** Follows a link from a file of the repository: another guide, a public file, or a page elsewhere. */
function urlFrom(file: string, link: string): string | undefined {
  if (/^[a-z]+:|^#/.test(link)) return link
  const [path = '', anchor] = link.split('#')
  const target = joinUrl(folderOf(file), path)
  if (/^docs\/.*\.md$/.test(target)) return paths.guideOf(nameOf(target)) + (anchor === undefined ? '' : `#${anchor}`)
  return target.startsWith('public/') ? target.slice('public'.length) : undefined
}

function guideIn(file: string): Guide {
  const markdown = readFileSync(join(root, file), 'utf8')
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? nameOf(file)
  return { name: nameOf(file), title, html: htmlOf(markdown, (link) => urlFrom(file, link)) }
}

/** The Markdown files of docs/ as pages, rendered once. */
const byName = new Map([...filesIn('docs'), ...filesIn('docs/adr')].map(guideIn).map((guide) => [guide.name, guide]))

export const findGuide = (name: string): Guide | undefined => byName.get(name)

/** The guides without the single decisions, which have a list of their own. */
export const guides: readonly Guide[] = order.flatMap((name) => byName.get(name) ?? [])
