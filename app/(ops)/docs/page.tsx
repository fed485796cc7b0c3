import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ThemeMenu } from '#components/frame/theme-menu'
import { Wordmark } from '#components/frame/wordmark'
import { ButtonLink, Link } from '#components/ui/link'
import { paths } from '#paths'
import { DocsList, DocsNav } from './docs-nav.tsx'
import { Introduction } from './introduction.tsx'
import { OperationEntry } from './operation-entry.tsx'
import { groups } from './reference.ts'

export const metadata: Metadata = { title: 'API' }

/** The OpenAPI document, for people. Made once, when the console is built. */
export default function DocsPage() {
  const all = groups()
  const entries = all.map(({ tag, id, operations }) => ({
    tag,
    id,
    operations: operations.map((one) => ({ id: one.id, method: one.method, path: one.path, summary: one.summary })),
  }))
  const nav = (
    <Suspense fallback={<DocsList groups={entries} />}>
      <DocsNav groups={entries} />
    </Suspense>
  )
  return (
    <>
      <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-line bg-canvas px-4 sm:px-6">
        <Link look="quiet" href={paths.console} className="mr-auto flex hover:no-underline!">
          <Wordmark />
        </Link>
        <ButtonLink variant="ghost" href={paths.openApi} prefetch={false}>
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
          <summary className="cursor-pointer px-4 py-2.5 font-medium sm:px-6">All operations</summary>
          <div className="h-[60dvh]">{nav}</div>
        </details>
        <main className="max-w-240 min-w-0 px-4 py-8 sm:px-8">
          <Introduction />
          {all.map(({ tag, id, operations }) => (
            <section key={id} aria-labelledby={id} className="mb-10">
              <h2 id={id} className="scroll-mt-16 pb-3 text-lg font-semibold tracking-tight">
                {tag}
              </h2>
              {operations.map((operation) => (
                <OperationEntry key={operation.id} operation={operation} />
              ))}
            </section>
          ))}
        </main>
      </div>
    </>
  )
}
