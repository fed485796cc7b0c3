import { clsx } from 'clsx'
import { CopyButton } from './copy-button.tsx'

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Mutes keys and tints texts; a color for each type would add nothing. */
function paint(text: string) {
  const parts = []
  let at = 0
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match
    parts.push(text.slice(at, match.index))
    parts.push(
      <span key={match.index} className={colon ? 'text-muted' : string ? 'text-accent-ink' : 'font-medium'}>
        {colon ? string : whole}
      </span>,
    )
    if (colon) parts.push(colon)
    at = match.index + whole.length
  }
  return [...parts, text.slice(at)]
}

export interface JsonViewProps {
  value: unknown
  /** Names the block and its copy button: "metadata". */
  label: string
  className?: string
}

/** A value as indented JSON, with a copy button. Scrolls inside its own frame. */
export function JsonView({ value, label, className }: JsonViewProps) {
  const text = JSON.stringify(value, null, 2) ?? 'null'
  return (
    <div className={clsx('relative min-w-0 rounded-md border border-line bg-sunken', className)}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="max-h-96 overflow-auto">
        <pre className="py-2.5 pr-10 pl-3 text-xs/5">{paint(text)}</pre>
      </section>
      <CopyButton text={text} what={label} className="absolute top-1.5 right-1.5 bg-sunken!" />
    </div>
  )
}
