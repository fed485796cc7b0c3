'use client'

import { SidePanel } from '#components/ui/side-panel'
import { SideNav, type SideNavProps } from './side-nav.tsx'

interface NavigationDrawerProps {
  side: SideNavProps
  open: boolean
  onClose: () => void
}

/** The left side on a small screen. */
export function NavigationDrawer({ side, open, onClose }: NavigationDrawerProps) {
  return (
    <SidePanel open={open} onOpenChange={(next) => !next && onClose()} title="Navigation" hideTitle side="left" width="sm">
      {/* Following a link closes the drawer, since the page below has changed. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- links fire click on Enter */}
      <div className="-mx-5" onClick={(event) => event.target instanceof Element && event.target.closest('a') && onClose()}>
        <SideNav {...side} />
      </div>
    </SidePanel>
  )
}
