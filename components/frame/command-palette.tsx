'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { Command, defaultFilter } from 'cmdk'
import { Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { useRef, useState } from 'react'
import { dialogWindow, scrim } from '#components/ui/dialog-parts'
import { leaving } from '#components/ui/unsaved'
import { useInertPage } from '../ui/use-inert-page.ts'

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
}

export interface CommandPaletteProps {
  onClose: () => void
  groups: readonly PaletteGroup[]
  /** Called with the typed text, so that the caller can search the server. */
  onSearch?: (text: string) => void
}

/** The matching items, best first. The group with the best item comes first. */
function matching(groups: readonly PaletteGroup[], text: string): readonly PaletteGroup[] {
  if (!text.trim()) return groups
  const score = ({ label, hint = '', keywords = [] }: PaletteItem) => defaultFilter(label, text.trim(), [hint, ...keywords])
  return groups
    .map(({ heading, items }) => {
      const fitting = items.map((item) => ({ item, score: score(item) })).filter((one) => one.score > 0)
      const sorted = fitting.toSorted((a, b) => b.score - a.score)
      return { heading, best: sorted[0]?.score ?? 0, items: sorted.map(({ item }) => item) }
    })
    .filter(({ items }) => items.length > 0)
    .toSorted((a, b) => b.best - a.best)
}

/** ⌘K: jumps to any project, member, screen or action. */
export function CommandPalette({ onClose, groups, onSearch }: CommandPaletteProps) {
  const close = () => {
    onSearch?.('')
    onClose()
  }
  const inert = useInertPage(true)
  return (
    <Base.Root open onOpenChange={close}>
      <Base.Portal>
        <Base.Backdrop className={scrim} />
        <Base.Popup {...inert} className={`${dialogWindow} max-w-140`}>
          <Base.Title className="sr-only">Jump to</Base.Title>
          <Jump groups={groups} onSearch={onSearch} onDone={close} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function Jump({ groups, onSearch, onDone }: Pick<CommandPaletteProps, 'groups' | 'onSearch'> & { onDone: () => void }) {
  const router = useRouter()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState('')
  // cmdk always selects the first item. Only a selection made by hand stays when better results arrive from the server.
  const byHand = useRef(false)
  const found = matching(groups, text)
  const items = found.flatMap((group) => group.items)
  // cmdk selects nothing among items that arrive later, such as server results.
  const current = items.find(({ id }) => id === chosen) ?? items.find(({ disabledReason }) => !disabledReason)
  const choose = ({ href, onSelect }: PaletteItem) => {
    onDone()
    onSelect?.()
    if (href) leaving(() => router.push(href))
  }
  const search = (next: string) => {
    setText(next)
    setChosen('')
    byHand.current = false
    onSearch?.(next)
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
          onValueChange={search}
          placeholder="Project, member, screen or action"
          className="h-12 flex-1 bg-transparent text-base outline-none"
        />
      </div>
      <Command.List className="min-h-0 flex-1 scroll-py-2 overflow-y-auto p-2">
        <Command.Empty className="px-2 py-6 text-center text-muted">Nothing matches</Command.Empty>
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
                className="flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2 select-none data-[disabled=true]:text-faint data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:text-faint"
              >
                {item.icon}
                <span className="min-w-0 flex-1 truncate">{item.label}</span>
                <span className="max-w-1/2 truncate text-xs text-faint">{item.disabledReason ?? item.hint}</span>
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}
