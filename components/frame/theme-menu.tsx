'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useSyncExternalStore } from 'react'
import { IconButton } from '#components/ui/icon-button'
import { Menu } from '#components/ui/menu'

const themes = [
  { value: 'system', label: 'System', icon: <Monitor className="size-4" /> },
  { value: 'light', label: 'Light', icon: <Sun className="size-4" /> },
  { value: 'dark', label: 'Dark', icon: <Moon className="size-4" /> },
] as const

const never = () => () => {}

/** Light, dark, or the system's theme. */
export function ThemeMenu() {
  const { theme = 'system', setTheme } = useTheme()
  // The server does not know the choice, so the first render shows the default's icon.
  const chosen = useSyncExternalStore(
    never,
    () => theme,
    () => 'system',
  )
  const icon = themes.find(({ value }) => value === chosen)?.icon ?? themes[0].icon
  return (
    <Menu
      trigger={<IconButton label="Theme" icon={icon} />}
      items={themes.map(({ value, label, icon: mark }) => ({
        label,
        icon: mark,
        checked: value === chosen,
        onSelect: () => setTheme(value),
      }))}
    />
  )
}
