'use client'

import { Menu as Base } from '@base-ui/react/menu'
import { clsx } from 'clsx'
import { Fragment } from 'react'
import { useOpenAtOnce } from './first-touch.tsx'
import type { MenuItem, MenuProps } from './menu-items.ts'
import { PageLink } from './page-link.tsx'

/** A menu that opens as soon as it is there. */
export function OpenMenu({ trigger, items, align = 'end', side = 'bottom', heading }: MenuProps) {
  const button = useOpenAtOnce()
  return (
    <Base.Root>
      <Base.Trigger ref={button} render={trigger} />
      {/* A landmark while it is open, since all content must be inside of one. */}
      <Base.Portal render={<section aria-label="Menu" />}>
        <Base.Positioner align={align} side={side} sideOffset={4} collisionPadding={8} className="z-40">
          <Base.Popup className="popup max-h-(--available-height) min-w-44 max-w-72 overflow-y-auto p-1">
            {heading && <div className="mb-1 border-b border-line px-2 pt-1 pb-2">{heading}</div>}
            {items.map((item) => (
              <Fragment key={item.label}>
                {item.separated && <Base.Separator className="-mx-1 my-1 h-px bg-line" />}
                <Item {...item} />
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Item({ label, icon, href, onSelect, disabledReason, danger = false, checked }: MenuItem) {
  const off = Boolean(disabledReason)
  const props = {
    className: clsx(
      'flex min-h-8 w-full cursor-default items-start gap-2 rounded-sm px-2 py-1.5 text-left outline-none select-none data-highlighted:bg-hover [&>svg]:mt-0.75 [&>svg]:size-3.5 [&>svg]:shrink-0',
      off ? 'text-faint' : danger ? 'text-danger-ink data-highlighted:bg-danger-soft' : 'text-ink [&>svg]:text-faint',
    ),
  }
  const body = (
    <>
      {icon}
      <span className="min-w-0">
        <span className="block">{label}</span>
        {off && <span className="block text-xs">{disabledReason}</span>}
      </span>
      {checked && (
        <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-label="current" className="ml-auto">
          <path d="m3 8.5 3.5 3.5L13 4.5" />
        </svg>
      )}
    </>
  )
  if (href && !off) {
    return (
      <Base.LinkItem {...props} render={<PageLink href={href} />} closeOnClick>
        {body}
      </Base.LinkItem>
    )
  }
  return (
    <Base.Item {...props} disabled={off} onClick={onSelect}>
      {body}
    </Base.Item>
  )
}
