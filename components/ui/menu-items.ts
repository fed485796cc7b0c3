import type { ReactElement, ReactNode } from 'react'

export interface MenuItem {
  label: string
  /** An icon of 14 px. */
  icon?: ReactNode
  /** The link's target; without it, `onSelect` runs. */
  href?: string
  onSelect?: () => void
  /** Why it is disabled; shown below the label. */
  disabledReason?: string | null
  /** The item is destructive. */
  danger?: boolean
  /** Adds a line above the item. */
  separated?: boolean
  /** Checked: the current one of several. */
  checked?: boolean
}

export interface MenuProps {
  trigger: ReactElement
  items: readonly MenuItem[]
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'right'
  /** Text above the items. */
  heading?: ReactNode
}
