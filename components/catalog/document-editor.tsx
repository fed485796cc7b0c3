'use client'

import { clsx } from 'clsx'
import type { DragEvent, Ref } from 'react'
import { useId, useImperativeHandle, useMemo, useRef, useState } from 'react'
import { control } from '#components/ui/control'

const lineHeight = 20
const padding = 8

export interface DocumentEditorHandle {
  /** Selects a line and scrolls to it. */
  goTo: (line: number) => void
}

export interface DocumentEditorProps {
  /** Names the editor: "Document". */
  label: string
  value: string
  onChange: (value: string) => void
  /** Called when a file is dropped onto the editor. */
  onFile: (file: File) => void
  /** Lines with errors. */
  marked?: readonly number[]
  /** The id of the element that describes the errors. */
  describedBy?: string
  invalid?: boolean
  placeholder?: string
  ref?: Ref<DocumentEditorHandle>
}

/** A text editor with line numbers. Tab leaves it, as it leaves every other field. */
export function DocumentEditor({ label, value, onChange, onFile, marked = [], ref, ...props }: DocumentEditorProps) {
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const [over, setOver] = useState(false)
  const count = useMemo(() => value.split('\n').length, [value])
  const numbers = useMemo(() => Array.from({ length: count }, (_, line) => line + 1).join('\n'), [count])
  useImperativeHandle(ref, () => ({
    goTo: (line) => {
      if (!area.current) return
      const before = value.split('\n').slice(0, line - 1)
      const start = before.reduce((sum, one) => sum + one.length + 1, 0)
      const end = value.indexOf('\n', start)
      area.current.focus()
      area.current.setSelectionRange(start, end < 0 ? value.length : end)
      area.current.scrollTo({ top: Math.max(0, (line - 4) * lineHeight), left: 0 })
      area.current.scrollIntoView({ block: 'nearest' })
    },
  }))
  const drop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files
    setOver(false)
    if (!file) return
    event.preventDefault()
    onFile(file)
  }
  return (
    <div
      className={clsx(
        control,
        'relative flex h-[max(14rem,46dvh)] resize-y overflow-hidden p-0',
        over && 'border-accent! bg-accent-soft!',
      )}
      data-invalid={props.invalid ? '' : undefined}
    >
      <div
        ref={gutter}
        aria-hidden
        className="shrink-0 overflow-hidden border-r border-line bg-sunken text-right font-mono text-xs/5 text-faint select-none"
      >
        <div className="relative px-2.5 py-2">
          {marked.map((line) => (
            <span
              key={line}
              className="absolute inset-x-0 h-5 border-l-2 border-ink bg-hover"
              style={{ top: padding + (line - 1) * lineHeight }}
            />
          ))}
          <pre className="relative min-w-5">{numbers}</pre>
        </div>
      </div>
      <textarea
        ref={area}
        id={id}
        aria-label={label}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid || undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onScroll={({ currentTarget }) => gutter.current?.scrollTo({ top: currentTarget.scrollTop })}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        placeholder={props.placeholder}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        className="min-w-0 flex-1 resize-none overflow-auto bg-transparent px-3 py-2 font-mono text-xs/5 outline-none"
      />
    </div>
  )
}
