import type { Metadata } from 'next'
import { type ReactNode, Suspense } from 'react'
import { ThemeMenu } from '#components/frame/theme-menu'
import { Wordmark } from '#components/frame/wordmark'
import { ButtonLink, Link } from '#components/ui/link'
import { paths } from '#contract/paths'
import { DocsList, DocsNav } from './docs-nav.tsx'
import { guides } from './guides.ts'
import { groups } from './reference.ts'

export const metadata: Metadata = { title: 'API' }

const entries = groups.map(({ tag, slug, operations }) => ({
  tag,
  slug,
  operations: operations.map(({ id, method, path, summary }) => ({ id, method, path, summary })),
}))

const titles = guides.map(({ name, title }) => ({ name, title }))

/** The guides, and the OpenAPI documents for people: a page for each guide and tag, beside a list of all. */
export default function DocsLayout({ children }: { children: ReactNode }) {
  const nav = (
    <Suspense fallback={<DocsList guides={titles} groups={entries} />}>
      <DocsNav guides={titles} groups={entries} />
    </Suspense>
  )
  return (
    <>
      <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-line bg-canvas px-4 sm:px-6">
        <Link look="quiet" href={paths.console} className="mr-auto flex hover:no-underline!">
          <Wordmark />
        </Link>
        <ButtonLink variant="ghost" href={paths.docs} prefetch={false}>
          Introduction
        </ButtonLink>
        <ButtonLink variant="ghost" href={paths.openApi} prefetch={false} className="max-sm:hidden">
          openapi.json
        </ButtonLink>
        <ThemeMenu />
      </header>
      <div className="lg:grid lg:grid-cols-[17rem_minmax(0,1fr)]">
        <aside
          aria-label="Contents"
          className="sticky top-12 hidden h-[calc(100dvh-3rem)] border-r border-line bg-sunken lg:block"
        >
          {nav}
        </aside>
        <details className="border-b border-line lg:hidden">
          <summary className="cursor-pointer px-4 py-2.5 font-medium sm:px-6">Contents</summary>
          <div className="h-[60dvh]">{nav}</div>
        </details>
        <main className="max-w-240 min-w-0 px-4 py-8 sm:px-8">{children}</main>
      </div>
    </>
  )
}
