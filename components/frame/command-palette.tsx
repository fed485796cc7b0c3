'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { useRef, useState } from 'react'
import { dialogWindow, scrim } from '#components/ui/dialog-parts'
import { leaving } from '#components/ui/unsaved'
import { useInertPage } from '../ui/use-inert-page.ts'
import type { PaletteWindow } from './console-frame.tsx'
import { ranked } from './ranking.ts'

export interface PaletteItem {
  /** Unique in the palette. */
  id: string
  label: string
  /** Shown at the right: a slug, an email address or a role. Searchable too. */
  hint?: string
  icon?: ReactNode
  /** Other words that find the item. */
  keywords?: readonly string[]
  href?: string
  onSelect?: () => void
  /** Why the item is disabled; shown in place of the hint. */
  disabledReason?: string | null
}

export interface PaletteGroup {
  heading: string
  items: readonly PaletteItem[]
  /** Shown only while nothing is typed. */
  onlyAtFirst?: boolean
}

export interface Palette {
  groups: readonly PaletteGroup[]
  /** Called with the typed text, so that the caller can search the server. */
  onSearch: (text: string) => void
  /** Called with the item that was chosen. */
  onChoose: (item: PaletteItem) => void
  /** Whether the server is still searching. */
  isSearching: boolean
  /** Why the server could not search. */
  problem: string | null
}

type CommandPaletteProps = Palette & PaletteWindow

/** ⌘K: jumps to anything that this person can see, and does what they may. */
export function CommandPalette({ onClose, ...palette }: CommandPaletteProps) {
  const close = () => {
    palette.onSearch('')
    onClose()
  }
  const inert = useInertPage(true)
  return (
    <Base.Root open onOpenChange={close}>
      <Base.Portal>
        <Base.Backdrop className={scrim} />
        <Base.Popup {...inert} className={`${dialogWindow} max-w-140`}>
          <Base.Title className="sr-only">Jump to</Base.Title>
          <Jump {...palette} onDone={close} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function Jump({ onDone, takeTyped, ...palette }: Omit<CommandPaletteProps, 'onClose'> & { onDone: () => void }) {
  const router = useRouter()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState('')
  // cmdk always selects the first item. Only a selection made by hand stays when better results arrive from the server.
  const byHand = useRef(false)
  const found = ranked(
    palette.groups.filter(({ onlyAtFirst }) => !onlyAtFirst || !text.trim()),
    text,
  )
  const items = found.flatMap((group) => group.items)
  // cmdk selects nothing among items that arrive later, such as server results.
  const current = items.find(({ id }) => id === chosen) ?? items.find(({ disabledReason }) => !disabledReason)
  const choose = (item: PaletteItem) => {
    onDone()
    palette.onChoose(item)
    item.onSelect?.()
    const { href } = item
    if (href) leaving(() => router.push(href))
  }
  const search = (next: string) => {
    setText(next)
    setChosen('')
    byHand.current = false
    palette.onSearch(next)
  }
  return (
    <Command
      label="Jump to"
      loop
      shouldFilter={false}
      value={current?.id ?? ''}
      onValueChange={(id) => byHand.current && setChosen(id)}
      onKeyDown={({ key, ctrlKey }) => (byHand.current ||= ctrlKey || /^(Arrow|Home|End)/.test(key))}
      onPointerMove={() => (byHand.current = true)}
      className="flex min-h-0 flex-col"
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4 focus-within:border-accent">
        <Search aria-hidden className="size-4 text-faint" />
        <Command.Input
          value={text}
          onValueChange={search}
          onFocus={() => {
            const typed = takeTyped()
            if (typed) search(text + typed)
          }}
          placeholder="Find people, projects, data, screens and actions"
          className="h-12 flex-1 bg-transparent text-base outline-none"
        />
      </div>
      {/* As high as its longest list, so that it does not move while one types. */}
      <Command.List className="h-100 max-h-[60dvh] scroll-py-2 overflow-y-auto p-2">
        {/* A list must have an item, or a screen reader takes it for broken. */}
        {items.length === 0 && (
          <Command.Item disabled value="nothing" className="px-2 py-6 text-center text-muted select-none">
            {palette.isSearching ? 'Searching…' : 'Nothing matches'}
          </Command.Item>
        )}
        {found.map((group) => (
          <Command.Group
            key={group.heading}
            heading={group.heading}
            className="not-first:mt-2 [&>[cmdk-group-heading]]:px-2 [&>[cmdk-group-heading]]:py-1 [&>[cmdk-group-heading]]:text-xs [&>[cmdk-group-heading]]:text-faint"
          >
            {group.items.map((item) => (
              <Command.Item
                key={item.id}
                value={item.id}
                disabled={Boolean(item.disabledReason)}
                onSelect={() => choose(item)}
                className="flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2 select-none data-[disabled=true]:text-faint data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-faint"
              >
                {item.icon}
                <span className="min-w-0 flex-1 truncate">{item.label}</span>
                <span className="max-w-1/2 truncate text-xs text-faint">{item.disabledReason ?? item.hint}</span>
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
      {palette.problem && (
        <output className="block border-t border-line px-4 py-2 text-pretty text-muted">{palette.problem}</output>
      )}
    </Command>
  )
}
