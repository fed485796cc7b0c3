import type { ReactNode } from 'react'

export interface TextToCopyProps {
  /** Above the text, and its name for assistive technology. */
  label: string
  text: string
  /** The button that copies it. */
  children: ReactNode
}

/** A text with a copy button. */
export function TextToCopy({ label, text, children }: TextToCopyProps) {
  return (
    <div>
      <div className="mb-1.5 font-medium">{label}</div>
      <div className="flex flex-wrap items-center justify-end gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
        <code aria-label={label} className="min-w-40 flex-1 text-xs wrap-anywhere select-all">
          {text}
        </code>
        {children}
      </div>
    </div>
  )
}
