'use client'

import { closedCombobox, useFirstTouch } from '#components/ui/first-touch'
import { Current, type SwitcherProps, switcherLook } from './switcher-button.tsx'

export type { SwitcherProps }

const load = () => import('./open-switcher.tsx').then((module) => module.OpenSwitcher)

/**
 * Shows the current organization or project and switches to another. Type to search. Its code is fetched when the button is first
 * touched.
 */
export function Switcher(props: SwitcherProps) {
  const { Control, touch } = useFirstTouch(load)
  const { label, items, current, placeholder } = props
  const shown = items.find((item) => item.id === current)
  if (Control) return <Control {...props} />
  return (
    <button
      type="button"
      {...closedCombobox('dialog')}
      aria-label={`${label}: ${shown?.name ?? placeholder}`}
      className={switcherLook}
      {...touch}
    >
      <Current name={shown?.name} placeholder={placeholder} />
    </button>
  )
}
