import type { ReactNode } from 'react'

type Leaves = Map<string, string>

const isBranch = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Every leaf by its path: { a: { b: [1] } } → "a.b[0]" → "1". Empty objects and lists are leaves. */
function leavesOf(value: unknown, path = '', into: Leaves = new Map()): Leaves {
  const entries = isBranch(value) ? Object.entries(value) : []
  if (entries.length === 0) {
    if (value !== undefined && !(path === '' && value === null)) into.set(path, JSON.stringify(value))
    return into
  }
  for (const [key, inner] of entries) {
    leavesOf(inner, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key, into)
  }
  return into
}

export interface JsonDiffProps {
  /** Null when it did not exist. */
  before: unknown
  /** Null when it is gone. */
  after: unknown
  /** Names the block: "What changed". */
  label?: string
}

/** What differs between two values, one line per field. Plus and minus say it; the ground only helps the eye. */
export function JsonDiff({ before, after, label = 'What changed' }: JsonDiffProps) {
  const old = leavesOf(before)
  const now = leavesOf(after)
  const paths = [...new Set([...old.keys(), ...now.keys()])]
  const changed = paths.filter((path) => old.get(path) !== now.get(path))
  if (changed.length === 0) return <p className="text-muted">No difference.</p>
  return (
    <section aria-label={label} className="overflow-hidden rounded-md border border-line">
      <dl className="divide-y divide-line font-mono text-xs/5">
        {changed.map((path) => (
          <div key={path} className="grid sm:grid-cols-[minmax(7rem,14rem)_1fr]">
            <dt className="truncate bg-sunken px-3 py-1.5 text-muted" title={path}>
              {path || 'value'}
            </dt>
            <Change before={old.get(path)} after={now.get(path)} />
          </div>
        ))}
      </dl>
      {paths.length > changed.length && (
        <p className="border-t border-line bg-sunken px-3 py-1.5 text-xs text-faint">
          {paths.length - changed.length} fields unchanged
        </p>
      )}
    </section>
  )
}

function Change({ before, after }: { before: string | undefined; after: string | undefined }) {
  return (
    <dd className="min-w-0 wrap-anywhere">
      {before !== undefined && (
        <Line sign="−" said="before" className="text-muted">
          <del className="no-underline">{before}</del>
        </Line>
      )}
      {after !== undefined && (
        <Line sign="+" said="after" className="bg-accent-soft text-accent-ink">
          <ins className="no-underline">{after}</ins>
        </Line>
      )}
    </dd>
  )
}

function Line({ sign, said, className, children }: { sign: string; said: string; className: string; children: ReactNode }) {
  return (
    <div className={`flex gap-2 px-3 py-1.5 ${className}`}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{said}</span>
      <span className="min-w-0">{children}</span>
    </div>
  )
}
