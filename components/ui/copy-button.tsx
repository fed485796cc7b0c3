'use client'

import { Check, Copy } from 'lucide-react'
import { Button, type ButtonProps } from './button.tsx'
import { IconButton } from './icon-button.tsx'
import { useCopy } from './use-copy.tsx'

export interface CopyButtonProps {
  text: string
  /** What is copied: "slug", "token". Makes the name "Copy slug". */
  what: string
  className?: string
}

/** An icon that copies a text and confirms it. */
export function CopyButton({ text, what, className }: CopyButtonProps) {
  const { copied, copy, byHand } = useCopy()
  return (
    <>
      <IconButton
        size="sm"
        className={className}
        label={copied ? 'Copied' : `Copy ${what}`}
        icon={copied ? <Check className="size-3.5 text-accent-ink" /> : <Copy className="size-3.5" />}
        onClick={() => void copy(text, what)}
      />
      <output className="sr-only">{copied ? `Copied ${what}` : ''}</output>
      {byHand}
    </>
  )
}

/** The same with a text: for a secret that is shown once. */
export function CopyTextButton({ text, what, ...props }: CopyButtonProps & Pick<ButtonProps, 'variant' | 'size'>) {
  const { copied, copy, byHand } = useCopy()
  return (
    <>
      <Button
        {...props}
        icon={copied ? <Check className="size-3.5" /> : <Copy className="size-3.5" />}
        onClick={() => void copy(text, what)}
      >
        {copied ? 'Copied' : `Copy ${what}`}
      </Button>
      <output className="sr-only">{copied ? `Copied ${what}` : ''}</output>
      {byHand}
    </>
  )
}
