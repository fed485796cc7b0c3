'use client'

import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { clsx } from 'clsx'
import type { ReactNode, RefObject } from 'react'
import { useRef, useState } from 'react'
import { Button } from './button.tsx'
import { DialogHead, dialogDescription, dialogTitle, dialogWindow, scrim } from './dialog-parts.tsx'
import { Field } from './field.tsx'
import { Input } from './input.tsx'
import { Notice } from './notice.tsx'
import { Holding, Unsaved, useHolder } from './unsaved.tsx'
import { useInertPage } from './use-inert-page.ts'

/** The most characters of a reason, as the API has it. */
const REASON = 500

export interface ConfirmDialogProps {
  open: boolean
  /** Called with false by Escape and Cancel; ignored while pending. */
  onOpenChange: (open: boolean) => void
  /** A question that names the thing: "Remove Ada Byron from acme-web?" */
  title: ReactNode
  /** What will happen, in a sentence. */
  description?: ReactNode
  /** The button's text, a verb and its object: "Remove member". */
  confirmLabel: string
  /** With the reason, if `reasonHint` asks for one and the user gave it. */
  onConfirm: (reason: string | null) => void
  pending: boolean
  /** Why the last try failed; shown only here. */
  error: ReactNode
  variant?: 'danger' | 'primary'
  /** The exact text to type before the button is enabled. */
  typeToConfirm?: string
  /** Asks for a reason, and says who reads it. */
  reasonHint?: string
  /** The button needs the reason. */
  reasonRequired?: boolean
  /** Another reason to disable the button, such as a preview that is still loading. */
  disabledReason?: string | null
  size?: 'sm' | 'lg'
  /** What goes and what stays; scrolls when it is long. */
  children?: ReactNode
  /** Replaces the question afterwards, such as with a receipt. */
  done?: ConfirmDone | null
}

export interface ConfirmDone {
  /** What has happened: "acme-web was nuked". Gets the focus. */
  title: ReactNode
  content: ReactNode
  /** Beside the button that closes: Undo. */
  actions?: ReactNode
}

/** The one confirm dialog of the console. */
export function ConfirmDialog({ open, onOpenChange, pending, done, ...props }: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null)
  const typed = useRef<HTMLInputElement>(null)
  const inert = useInertPage(open)
  // A reason that was typed is worth asking about; the text that only confirms is not.
  const { holder, change, question } = useHolder(open, onOpenChange)
  return (
    <Base.Root open={open} onOpenChange={(next, details) => (next || !pending) && change(next, details)}>
      <Base.Portal>
        <Base.Backdrop className={scrim} />
        <Base.Popup
          {...inert}
          // Enter right after opening must never destroy: the focus starts on the typed field, or on Cancel.
          initialFocus={() => typed.current ?? cancel.current}
          className={clsx(dialogWindow, props.size === 'lg' ? 'max-w-160' : 'max-w-110')}
        >
          {done ? (
            <Done {...done} />
          ) : (
            <Holding value={holder}>
              <Body {...props} pending={pending} cancel={cancel} typed={typed} />
            </Holding>
          )}
          {question}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

interface BodyProps extends Omit<ConfirmDialogProps, 'open' | 'onOpenChange' | 'done'> {
  cancel: RefObject<HTMLButtonElement | null>
  typed: RefObject<HTMLInputElement | null>
}

/** Mounted with the popup, so that it reopens without the typed text. */
function Body({ title, description, confirmLabel, onConfirm, pending, error, variant = 'danger', ...props }: BodyProps) {
  const { typeToConfirm, reasonHint, reasonRequired = false, disabledReason, children, cancel, typed } = props
  const [text, setText] = useState('')
  const [why, setWhy] = useState('')
  const given = why.trim().length
  const tooLong = given > REASON && `Shorten the reason to ${REASON} characters`
  const reason =
    disabledReason ??
    (tooLong ||
      (reasonRequired && given === 0 && 'Give a reason') ||
      (typeToConfirm && text !== typeToConfirm && `Type ${typeToConfirm} to confirm`) ||
      null)
  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault()
        if (!reason && !pending) onConfirm(why.trim() || null)
      }}
    >
      <DialogHead
        title={<Base.Title className={dialogTitle}>{title}</Base.Title>}
        description={description && <Base.Description className={dialogDescription}>{description}</Base.Description>}
      />
      {children && <Scrolling label="What will happen">{children}</Scrolling>}
      {/* Outside of the scrolling part, so that the focused field stays in sight. */}
      <div className={clsx('shrink-0 space-y-4 px-5 pb-3 empty:hidden', children ? 'border-t border-line pt-3' : 'pt-1')}>
        {reasonHint && (
          <Field
            label="Reason"
            optional={!reasonRequired}
            hint={reasonHint}
            aside={<span className="tabular-nums">{`${given} of ${REASON}`}</span>}
            error={tooLong || undefined}
          >
            <Input value={why} onChange={setWhy} autoComplete="off" required={reasonRequired} />
            <Unsaved when={why.trim() !== '' && !pending} />
          </Field>
        )}
        {typeToConfirm && (
          <Field
            label={
              <>
                Type <code className="rounded-sm bg-sunken px-1 py-0.5 font-normal select-all">{typeToConfirm}</code> to confirm
              </>
            }
          >
            <Input ref={typed} value={text} onChange={setText} mono autoComplete="off" spellCheck={false} autoCapitalize="off" />
          </Field>
        )}
        {error && <Notice tone="warning">{error}</Notice>}
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2 px-5 pt-2 pb-5">
        <Base.Close render={<Button ref={cancel} disabledReason={pending ? 'Already in progress' : null} />}>Cancel</Base.Close>
        <Button
          type="submit"
          variant={variant === 'danger' ? 'destroy' : 'primary'}
          pending={pending}
          disabledReason={pending ? null : reason}
        >
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}

/** The pressed button is gone from the document, so the focus goes to the result. */
const focus = (title: HTMLElement | null) => title?.focus()

function Done({ title, content, actions }: ConfirmDone) {
  return (
    <div className="flex min-h-0 flex-col">
      <DialogHead
        title={
          <Base.Title ref={focus} tabIndex={-1} className={clsx(dialogTitle, 'outline-none')}>
            {title}
          </Base.Title>
        }
      />
      <Scrolling label="What happened">{content}</Scrolling>
      <div className="flex flex-wrap items-center justify-end gap-2 px-5 pt-2 pb-5">
        {actions}
        <Base.Close render={<Button variant="primary" />}>Done</Base.Close>
      </div>
    </div>
  )
}

function Scrolling({ label, children }: { label: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="min-h-0 space-y-4 overflow-y-auto px-5 pb-3 -outline-offset-2">
      {children}
    </section>
  )
}
