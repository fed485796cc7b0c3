import { CopyButton } from '#components/ui/copy-button'

export interface YamlViewProps {
  text: string
  /** Names the block and its copy button: "YAML of site". */
  label: string
}

/** A document as YAML to apply, with a copy button. Scrolls inside its own frame. */
export function YamlView({ text, label }: YamlViewProps) {
  return (
    <div className="relative min-w-0 rounded-md border border-line bg-sunken">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="max-h-96 overflow-auto">
        <pre className="py-2.5 pr-10 pl-3 text-xs/5">{text.trimEnd().split('\n').map(paint)}</pre>
      </section>
      <CopyButton text={text} what={label} className="absolute top-1.5 right-1.5 bg-sunken!" />
    </div>
  )
}

const keyed = /^(\s*(?:- )?)([^\s:#"'][^:]*)(:)(\s.*|)$/

/** Keys are muted, as in the JSON view. */
function paint(line: string, index: number) {
  const [, indent, key, colon, rest] = keyed.exec(line) ?? []
  const end = '\n'
  if (key === undefined) return line + end
  return (
    <span key={index}>
      {indent}
      <span className="text-muted">{key}</span>
      {colon}
      {rest}
      {end}
    </span>
  )
}
