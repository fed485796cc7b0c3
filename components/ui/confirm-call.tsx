'use client'

import { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx'
import { type ToastOptions, useToast } from './toast.tsx'

interface ConfirmCallProps<Sent, Answer> extends Omit<
  ConfirmDialogProps,
  'open' | 'onOpenChange' | 'onConfirm' | 'pending' | 'error' | 'done'
> {
  /** The call to confirm, as its hook returns it. */
  call: {
    mutate: (sent: Sent, options: { onSuccess: (answer: Answer) => void }) => void
    isPending: boolean
    error: { message: string } | null
  }
  /** What the call sends. */
  sent: Sent
  /** Says in a toast what was done. */
  toast: string | ((answer: Answer) => string)
  /** A second line of the toast. */
  toastDetail?: string | undefined
  /** One action in the toast, such as Undo. */
  toastAction?: ToastOptions['action'] | undefined
  /** Called by Escape and Cancel, and after the call. */
  onClose: () => void
  /** Called after the call only. */
  onDone?: ((answer: Answer) => void) | undefined
}

/** A confirm dialog of one call: stays with the error when the call fails, and closes with a toast when it succeeds. */
export function ConfirmCall<Sent, Answer>(props: ConfirmCallProps<Sent, Answer>) {
  const { call, sent, toast, toastDetail, toastAction, onClose, onDone, ...dialog } = props
  const show = useToast()
  const onSuccess = (answer: Answer) => {
    show(typeof toast === 'string' ? toast : toast(answer), { description: toastDetail, action: toastAction })
    onClose()
    onDone?.(answer)
  }
  return (
    <ConfirmDialog
      {...dialog}
      open
      onOpenChange={onClose}
      pending={call.isPending}
      error={call.error?.message}
      onConfirm={() => call.mutate(sent, { onSuccess })}
    />
  )
}
