'use client'

import { Menu as MenuIcon, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button'
import { lazyDialog } from '#components/ui/lazy-dialog'
import { IconButton } from '#components/ui/icon-button'
import { leaving } from '#components/ui/unsaved'
import { type Account, AccountMenu } from './account-menu.tsx'
import { Breadcrumb, type Crumb } from './breadcrumb.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { PaletteKeys } from './palette-keys.tsx'
import { SideNav, type SideNavProps } from './side-nav.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import { type Shortcut, useShortcuts } from './use-shortcuts.tsx'
import { useTypedAhead } from './use-typed-ahead.ts'

const NavigationDrawer = lazyDialog(() => import('./navigation-drawer.tsx').then((module) => module.NavigationDrawer))
const ShortcutsDialog = lazyDialog(() => import('./shortcuts-dialog.tsx').then((module) => module.ShortcutsDialog))

export interface PaletteWindow {
  onClose: () => void
  /** What was typed before the palette was there. */
  takeTyped: () => string
}

export interface ConsoleFrameProps {
  side: SideNavProps
  crumbs: readonly Crumb[]
  account: Account
  /** Beside the account: the bell. */
  bell?: ReactNode
  /** What ⌘K opens. */
  renderPalette: (opened: PaletteWindow) => ReactNode
  /** The screens that `g` and a letter go to. */
  shortcuts: readonly Shortcut[]
  /** Whether the list of shortcuts is open. */
  showsKeys: boolean
  onShowKeys: (open: boolean) => void
  /** Above the content: the session has expired. */
  notice?: ReactNode
  children: ReactNode
}

/** The frame of every console screen: navigation at the left, the bar above, the content. */
export function ConsoleFrame({ side, crumbs, account, bell, renderPalette, notice, children, ...keys }: ConsoleFrameProps) {
  const { shortcuts, showsKeys, onShowKeys } = keys
  const router = useRouter()
  const [paletteOpen, setPaletteOpen] = useState(false)
  const closePalette = () => setPaletteOpen(false)
  const typedAhead = useTypedAhead(paletteOpen, closePalette)
  useShortcuts({
    shortcuts,
    go: (href) => leaving(() => router.push(href)),
    onPalette: () => setPaletteOpen((now) => !now),
    onHelp: () => onShowKeys(true),
  })
  const [drawerOpen, setDrawerOpen] = useState(false)
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="sticky top-0 hidden h-dvh border-r border-line bg-sunken lg:block">
        <SideNav {...side} />
      </div>
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b border-line bg-canvas px-2 sm:px-4 lg:pl-6">
          <IconButton
            className="lg:hidden"
            label="Navigation"
            tooltip={false}
            icon={<MenuIcon className="size-4" />}
            onClick={() => setDrawerOpen(true)}
          />
          <Breadcrumb crumbs={crumbs} />
          <Button
            variant="secondary"
            aria-keyshortcuts="Meta+K Control+K"
            icon={<Search className="size-3.5" />}
            onClick={() => setPaletteOpen(true)}
            className="mr-1 font-normal! text-muted!"
          >
            <span className="max-sm:sr-only">Jump to…</span>
            <span aria-hidden className="ml-1 hidden sm:inline-flex">
              <PaletteKeys />
            </span>
          </Button>
          {bell}
          <ThemeMenu />
          <AccountMenu {...account} />
        </header>
        <ConnectionNotice />
        {notice}
        <main id="content" tabIndex={-1} className="mx-auto w-full max-w-content flex-1 px-4 py-6 outline-none sm:px-6">
          {children}
        </main>
      </div>
      <NavigationDrawer side={side} open={drawerOpen} onClose={() => setDrawerOpen(false)} />
      {paletteOpen && renderPalette({ onClose: closePalette, takeTyped: typedAhead.take })}
      {showsKeys && <ShortcutsDialog shortcuts={shortcuts} onClose={() => onShowKeys(false)} />}
    </div>
  )
}
