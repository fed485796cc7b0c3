import { existsSync, globSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '#config/project-root'
import { anchorOf, headingsOf, linksIn, textOf } from './markdown.ts'

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: projectRoot })]
const isElsewhere = (link: string) => /^[a-z]+:/.test(link)

/** What is wrong with a link on a page; undefined when its target exists. */
function brokenLink(page: string, link: string): string | undefined {
  const [path = '', anchor] = decodeURI(link).split('#')
  const target = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(join(projectRoot, target))) return `${page} → ${link}: there is no ${target}`
  if (anchor === undefined) return undefined
  const anchors = headingsOf(textOf(target)).map(anchorOf)
  return anchors.includes(anchor) ? undefined : `${page} → ${link}: ${target} has no heading for it`
}

describe('the documentation', () => {
  test('has no broken link', () => {
    const links = pages.flatMap((page) => linksIn(textOf(page)).map((link) => ({ page, link })))
    const broken = links.flatMap(({ page, link }) => (isElsewhere(link) ? [] : (brokenLink(page, link) ?? [])))
    expect(broken).toEqual([])
    expect(links.length).toBeGreaterThan(100)
  })

  test('has no page that cannot be reached from README', () => {
    const reached = new Set(['README.md'])
    for (const page of reached)
      for (const link of linksIn(textOf(page))) {
        const target = normalize(join(dirname(page), link.split('#')[0]!))
        if (!isElsewhere(link) && pages.includes(target)) reached.add(target)
      }
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })

  test('detects a broken link, by file and by heading', () => {
    expect(brokenLink('docs/api.md', 'nowhere.md')).toBe('docs/api.md → nowhere.md: there is no docs/nowhere.md')
    expect(brokenLink('README.md', 'docs/limits.md#nothing')).toBe(
      'README.md → docs/limits.md#nothing: docs/limits.md has no heading for it',
    )
    expect(brokenLink('docs/adr/README.md', '../limits.md#calls-and-sign-in')).toBeUndefined()
  })

  test('has a README of at most 12 KB', () => {
    expect(statSync(join(projectRoot, 'README.md')).size).toBeLessThanOrEqual(12_000)
  })

  test('states the context, the decision and the consequences of every decision in half a page', () => {
    const decisions = globSync('docs/adr/0*.md', { cwd: projectRoot }).toSorted()
    expect(decisions.map((path) => Number(/\d{4}/.exec(path)![0]))).toEqual(decisions.map((_, i) => i + 1))
    for (const path of decisions) {
      const text = textOf(path)
      expect(headingsOf(text).slice(1), path).toEqual(['Context', 'Decision', 'Consequences'])
      expect(text.split(/\s+/).length, path).toBeLessThan(260)
    }
  })
})
