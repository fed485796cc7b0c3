'use client'

import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonLook } from './button-look.ts'
import { IconButton } from './icon-button.tsx'

export interface ToastOptions {
  description?: ReactNode
  /** One action, such as Undo; the toast then stays longer. */
  action?: { label: string; onClick: () => void } | undefined
}

/** Confirms that something was done. Errors stay in the form, dialog or table where they arose. */
export function useToast() {
  const { add, close } = Base.useToastManager()
  return (title: string, { description, action }: ToastOptions = {}) => {
    const id = add({
      title,
      description,
      timeout: action ? 12_000 : 5_000,
      actionProps: action && {
        children: action.label,
        onClick: () => {
          action.onClick()
          close(id)
        },
      },
    })
    return id
  }
}

/** Shows the toasts at the bottom, clear of the buttons of panels and dialogs. Used once, around the console. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed bottom-4 left-1/2 z-50 flex w-[calc(100vw-2rem)] -translate-x-1/2 flex-col gap-2 sm:w-96">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function ToastList() {
  const { toasts } = Base.useToastManager()
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['right', 'down']}
      // The provider announces it; the dialog role would suggest a question.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="group"
      aria-modal={undefined}
      className="translate-x-(--toast-swipe-movement-x) translate-y-(--toast-swipe-movement-y) rounded-md bg-raised shadow-popup transition-[opacity,translate] data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-start gap-3 py-2.5 pr-2 pl-3.5">
        <div className="min-w-0 flex-1 py-0.5">
          <Base.Title className="font-medium text-pretty" />
          <Base.Description className="text-pretty text-muted" />
        </div>
        {toast.actionProps && <Base.Action className={buttonLook('secondary', 'sm')} />}
        {/* Base UI hides it while the toasts are stacked; these stand one below another. */}
        <Base.Close
          aria-hidden={undefined}
          render={<IconButton label="Dismiss" icon={<X className="size-3.5" />} size="sm" tooltip={false} />}
        />
      </Base.Content>
    </Base.Root>
  ))
}
