'use client'

import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { optionLook } from '#components/ui/control'
import { useOpenAtOnce } from '#components/ui/first-touch'
import { Link } from '#components/ui/link'
import { leaving } from '#components/ui/unsaved'
import { Current, type SwitcherItem, type SwitcherProps, switcherLook } from './switcher-button.tsx'

/** A switcher that opens as soon as it is there. */
export function OpenSwitcher({ label, items, current, placeholder, footer, onSearch }: SwitcherProps) {
  const button = useOpenAtOnce()
  const router = useRouter()
  const collection = useMemo(
    () => Base.createItems(items, { getValue: (item) => item.id, getLabel: (item) => `${item.name} ${item.slug}` }),
    [items],
  )
  const shown = items.find((item) => item.id === current)
  return (
    <Base.Root
      items={collection}
      value={current}
      {...(onSearch && { filter: null, onInputValueChange: onSearch })}
      onValueChange={(id) => {
        const chosen = items.find((item) => item.id === id)
        if (chosen && id !== current) leaving(() => router.push(chosen.href))
      }}
    >
      <Base.Trigger ref={button} aria-label={`${label}: ${shown?.name ?? placeholder}`} className={switcherLook}>
        <Current name={shown?.name} placeholder={placeholder} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-40">
          <Base.Popup
            aria-label={`Switch ${label.toLowerCase()}`}
            className="popup flex max-h-[min(var(--available-height),24rem)] w-72 flex-col"
          >
            <div className="flex items-center gap-2 border-b border-line px-3 focus-within:border-accent">
              <Search aria-hidden className="size-3.5 text-faint" />
              <Base.Input
                placeholder={`Find ${label.toLowerCase()}`}
                aria-label={`Find ${label.toLowerCase()}`}
                className="h-9 flex-1 bg-transparent outline-none"
              />
            </div>
            <Base.Empty>
              <div className="px-3 py-2.5 text-muted">Nothing matches</div>
            </Base.Empty>
            <Base.List className="min-h-0 flex-1 overflow-y-auto p-1 data-empty:p-0">
              {(item: SwitcherItem) => (
                <Base.Item key={item.id} value={item.id} className={optionLook}>
                  <Base.ItemIndicator className="col-start-1">
                    <Check className="size-3.5" />
                  </Base.ItemIndicator>
                  <span className="col-start-2 min-w-0 truncate">{item.name}</span>
                  <span className="max-w-28 truncate font-mono text-xs text-faint">{item.slug}</span>
                </Base.Item>
              )}
            </Base.List>
            {footer && (
              <div className="border-t border-line px-3 py-2">
                <Link look="quiet" href={footer.href}>
                  {footer.label}
                </Link>
              </div>
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
