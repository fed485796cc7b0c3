import { CopyButton } from './copy-button.tsx'

interface ShellTextProps {
  /** Names the block. */
  label: string
  text: string
}

/** Shell commands with a copy button. Scrolls inside its own frame. */
export function ShellText({ label, text }: ShellTextProps) {
  return (
    <div className="relative mt-3 rounded-md border border-line bg-sunken">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="overflow-x-auto">
        <pre className="py-2.5 pr-10 pl-3 text-xs/5 text-ink">{text}</pre>
      </section>
      <CopyButton text={text} what="command" className="absolute top-1.5 right-1.5 bg-sunken!" />
    </div>
  )
}
