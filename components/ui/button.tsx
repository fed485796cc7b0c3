'use client'

import { Button as Base } from '@base-ui/react/button'
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import { buttonLook, type ButtonSize, type ButtonVariant } from './button-look.ts'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  variant?: ButtonVariant
  size?: ButtonSize
  /** An icon of 14 px before the text; the spinner replaces it while pending. */
  icon?: ReactNode
  /** The action is running: keeps the text and focus, and does not fire again. */
  pending?: boolean
  /** Why the button is disabled. It stays focusable, shows the reason in a tooltip, and never fires. */
  disabledReason?: string | null
}

/** A button. There is no bare `disabled`: a disabled button gives its reason. */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  pending = false,
  disabledReason,
  className,
  children,
  'aria-describedby': describedBy,
  ...props
}: ButtonProps) {
  const reasonId = useId()
  const off = Boolean(disabledReason)
  return (
    <>
      <Tooltip content={disabledReason} disabled={!off} openOnPress>
        <Base
          type="button"
          {...props}
          disabled={off || pending}
          focusableWhenDisabled
          aria-busy={pending || undefined}
          aria-describedby={off ? reasonId : describedBy}
          className={buttonLook(variant, size, className)}
        >
          {pending ? <Spinner /> : icon}
          {children}
        </Base>
      </Tooltip>
      {off && (
        <span id={reasonId} hidden>
          {disabledReason}
        </span>
      )}
    </>
  )
}
