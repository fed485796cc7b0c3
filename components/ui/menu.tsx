'use client'

import { type ComponentProps, type ReactElement, cloneElement } from 'react'
import { useFirstTouch } from './first-touch.tsx'
import type { MenuItem, MenuProps } from './menu-items.ts'

export type { MenuItem, MenuProps }

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
