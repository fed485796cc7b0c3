import { globSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#config/project-root'
import { paths } from '#contract/paths'
import { findGuide, guides } from '../../app/(ops)/docs/guides.ts'
import { htmlOf } from '../../app/(ops)/docs/guide-html.ts'

const names = globSync('docs/**/*.md', { cwd: projectRoot }).map((file) =>
  file.replace(/^docs\//, '').replace(/(\/README)?\.md$/, ''),
)
const idsIn = (html: string) => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)
const urlsIn = (html: string) => [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, url]) => url!)

/** What is wrong with a link of a guide; undefined when it leads somewhere. */
function deadLink(from: string, url: string): string | undefined {
  if (/^(https?|mailto):/.test(url)) return undefined
  const [path = '', id] = url.split('#')
  if (!path.startsWith(paths.guideOf('')) && path !== '') return existsSync(join(projectRoot, 'public', path)) ? undefined : url
  const guide = findGuide(path === '' ? from : path.slice(paths.guideOf('').length))
  if (!guide) return url
  return id === undefined || idsIn(guide.html).includes(id) ? undefined : url
}

describe('the guides under /docs', () => {
  test('are all files of docs/, each with its title', () => {
    expect(names.length).toBeGreaterThan(50)
    for (const name of names) expect(findGuide(name)?.title, name).toMatch(/\S/)
    expect(findGuide('webhooks')?.title).toBe('Webhooks')
  })

  test('are listed, except the single decisions', () => {
    const listed = names.filter((name) => !name.startsWith('adr/'))
    expect(guides.map(({ name }) => name).toSorted()).toEqual(listed.toSorted())
  })

  test.for(names)('%s leads nowhere that does not exist, and names no anchor twice', (name) => {
    const { html } = findGuide(name)!
    expect(urlsIn(html).map((url) => deadLink(name, url))).toEqual(urlsIn(html).map(() => undefined))
    expect(idsIn(html)).toEqual([...new Set(idsIn(html))])
  })
})

describe('a guide', () => {
  test('shows a link to a file that is not served as its text', () => {
    expect(htmlOf('[the rules](../domain/nuke/nuke.ts)', () => undefined)).toBe('<p>the rules</p>\n')
  })

  test('shows markup as text', () => {
    expect(htmlOf('<script>alert(1)</script>\n\na <b onclick="x">b</b>', (link) => link)).not.toMatch(/<(script|b)\b/)
  })
})
