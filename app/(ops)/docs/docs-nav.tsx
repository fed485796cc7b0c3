'use client'

import { Search } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { Input } from '#components/ui/input'
import { PageLink } from '#components/ui/page-link'
import { useTypedEarly } from '#components/ui/use-typed-early'
import { paths } from '#contract/paths'

interface Entry {
  id: string
  method: string
  path: string
  summary: string
}

export interface DocsNavProps {
  guides: readonly { name: string; title: string }[]
  groups: readonly { tag: string; slug: string; operations: readonly Entry[] }[]
}

const matches = ({ method, path, summary }: Entry, words: readonly string[]) => {
  const text = `${method} ${path} ${summary}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The guides, and every operation by tag, filtered by words of its name, method or path. */
export function DocsNav({ guides, groups }: DocsNavProps) {
  const [q, setQ] = useQueryState('q', parseAsString.withDefault(''))
  const filter = (text: string) => void setQ(text || null)
  const own = useTypedEarly<HTMLInputElement>({ value: q, onChange: filter })
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = groups
    .map((group) => ({ ...group, operations: group.operations.filter((operation) => matches(operation, words)) }))
    .filter(({ operations }) => operations.length > 0)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <search aria-label="Filter operations" className="relative p-3">
        <Search aria-hidden className="pointer-events-none absolute top-5.25 left-5.5 z-10 size-3.5 text-faint" />
        <Input
          ref={own}
          type="search"
          value={q}
          onChange={filter}
          placeholder="Filter operations"
          aria-label="Filter operations"
          autoComplete="off"
          spellCheck={false}
          className="border-line! pl-8"
        />
      </search>
      <DocsList guides={words.length > 0 ? [] : guides} groups={shown} />
    </div>
  )
}

/** The guides, and the operations by tag. Shown alone until the browser knows the filter. */
export function DocsList({ guides, groups }: DocsNavProps) {
  return (
    <nav aria-label="Documentation" className="min-h-0 flex-1 overflow-y-auto px-3 pb-6">
      {guides.length > 0 && (
        <div className="mb-4">
          <p className="px-2 py-1 text-xs text-faint">Guides</p>
          <ul>
            {guides.map(({ name, title }) => (
              <li key={name}>
                <PageLink
                  href={paths.guideOf(name)}
                  prefetch={false}
                  className="block rounded-md px-2 py-1 text-muted -outline-offset-2 hover:bg-hover hover:text-ink"
                >
                  {title}
                </PageLink>
              </li>
            ))}
          </ul>
        </div>
      )}
      {groups.length === 0 && <p className="px-2 py-1 text-muted">No operations match</p>}
      {groups.map(({ tag, slug, operations }) => (
        <div key={slug} className="not-first:mt-4">
          <PageLink
            href={paths.docsOf(slug)}
            prefetch={false}
            className="block rounded-md px-2 py-1 text-xs text-faint hover:text-ink"
          >
            {tag}
          </PageLink>
          <ul>
            {operations.map(({ id: anchor, method, summary }) => (
              <li key={anchor}>
                <PageLink
                  href={`${paths.docsOf(slug)}#${anchor}`}
                  prefetch={false}
                  className="flex items-baseline gap-2 rounded-md px-2 py-1 text-muted -outline-offset-2 hover:bg-hover hover:text-ink"
                >
                  <span className="min-w-0 flex-1">{summary}</span>
                  <code className="text-[0.625rem] text-faint">{method}</code>
                </PageLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
