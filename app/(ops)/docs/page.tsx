import { Link } from '#components/ui/link'
import { paths } from '#contract/paths'
import { Introduction } from './introduction.tsx'
import { guides } from './guides.ts'
import { groups } from './reference.ts'

/** The guides, the rules common to all operations, and links to them. */
export default function DocsPage() {
  return (
    <>
      <Introduction />
      <section aria-labelledby="guides" className="pb-8">
        <h2 id="guides" className="pb-3 text-lg font-semibold tracking-tight">
          Guides
        </h2>
        <ul className="grid gap-x-6 sm:grid-cols-2">
          {guides.map(({ name, title }) => (
            <li key={name} className="border-t border-line py-2">
              <Link look="quiet" href={paths.guideOf(name)} prefetch={false}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="operations">
        <h2 id="operations" className="pb-3 text-lg font-semibold tracking-tight">
          Operations
        </h2>
        <ul className="grid gap-x-6 sm:grid-cols-2">
          {groups.map(({ tag, slug, operations }) => (
            <li key={slug} className="flex items-baseline gap-2 border-t border-line py-2">
              <Link look="quiet" href={paths.docsOf(slug)} prefetch={false}>
                {tag}
              </Link>
              <span className="ml-auto text-xs text-faint tabular-nums">{operations.length}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
