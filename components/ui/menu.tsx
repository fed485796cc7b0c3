'use client'

import { type ComponentProps, type ReactElement, type ReactNode, cloneElement } from 'react'
import { useFirstTouch } from './first-touch.tsx'

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

const load = () => import('./open-menu.tsx').then((module) => module.OpenMenu)

/** A menu of actions or links behind a button. Its code is fetched when the button is first touched. */
export function Menu(props: MenuProps) {
  const { Control, touch } = useFirstTouch(load)
  if (Control) return <Control {...props} />
  return cloneElement(props.trigger as ReactElement<ComponentProps<'button'>>, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    ...touch,
  })
}
