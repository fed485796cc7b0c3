'use client'

import { Button as Base } from '@base-ui/react/button'
import { clsx } from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import { buttonLook, type ButtonSize, type ButtonVariant } from './button-look.ts'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children' | 'aria-label'> {
  /** The accessible name, also shown as the tooltip. */
  label: string
  icon: ReactNode
  variant?: ButtonVariant
  size?: ButtonSize
  pending?: boolean
  disabledReason?: string | null
  /** Off where the button repeats, as in table rows. */
  tooltip?: boolean
}

/** A square button with only an icon. */
export function IconButton({
  label,
  icon,
  variant = 'ghost',
  size = 'md',
  pending = false,
  disabledReason,
  tooltip = true,
  className,
  ...props
}: IconButtonProps) {
  const reasonId = useId()
  const off = Boolean(disabledReason)
  return (
    <>
      <Tooltip content={off ? disabledReason : label} disabled={!tooltip && !off} openOnPress={off}>
        <Base
          type="button"
          {...props}
          aria-label={label}
          disabled={off || pending}
          focusableWhenDisabled
          aria-busy={pending || undefined}
          aria-describedby={off ? reasonId : props['aria-describedby']}
          className={buttonLook(variant, size, clsx('px-0!', size === 'sm' ? 'w-7' : 'w-8', className))}
        >
          {pending ? <Spinner /> : icon}
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
