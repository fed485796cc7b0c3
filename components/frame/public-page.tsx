import type { ReactNode } from 'react'
import { Wordmark } from './wordmark.tsx'

interface MessagePageProps {
  title: string
  action?: ReactNode
  children: ReactNode
}

/** A page outside the console: nothing here, or something failed. */
export function MessagePage({ title, action, children }: MessagePageProps) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-110 flex-col justify-center px-6 py-16">
      <Wordmark />
      <h1 className="mt-8 text-xl font-semibold tracking-tight">{title}</h1>
      <div className="mt-1.5 text-base text-pretty text-muted">{children}</div>
      {action && <div className="mt-6 flex flex-wrap gap-2">{action}</div>}
    </main>
  )
}

interface FormPageProps {
  title: ReactNode
  description?: ReactNode
  /** Below the card: another way to sign in. */
  footer?: ReactNode
  children: ReactNode
}

/** A page with one form: sign-in, set-up, invitation. */
export function FormPage({ title, description, footer, children }: FormPageProps) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-100 flex-col justify-center px-4 py-12">
      <Wordmark className="mx-auto" />
      <div className="mt-6 rounded-lg border border-line bg-raised p-6">
        <h1 className="text-lg font-semibold text-balance">{title}</h1>
        {description && <p className="mt-1 text-pretty text-muted">{description}</p>}
        <div className="mt-5">{children}</div>
      </div>
      {footer && <div className="mt-4 text-center text-muted">{footer}</div>}
    </main>
  )
}
