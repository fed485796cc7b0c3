import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { PageLink } from '#components/ui/page-link'
import { Switcher, type SwitcherProps } from './switcher.tsx'
import { Wordmark } from './wordmark.tsx'

export interface NavItem {
  label: string
  href: string
  /** An icon of 16 px. */
  icon?: ReactNode
  /** The current screen, or one of its ancestors. */
  current: boolean
}

export interface NavGroup {
  /** Present when there are several groups. */
  heading?: string
  items: readonly NavItem[]
}

export interface SideNavProps {
  home: string
  organization: SwitcherProps
  /** Absent on the organization's own screens. */
  project?: SwitcherProps
  /** Names the landmark: "acme-web". */
  label: string
  groups: readonly NavGroup[]
}

/** The left side: the current organization and project, and their screens. */
export function SideNav({ home, organization, project, label, groups }: SideNavProps) {
  return (
    <nav aria-label={label} className="flex h-full flex-col gap-3 overflow-y-auto p-2.5">
      <PageLink href={home} className="mt-0.5 ml-1.5 flex h-8 items-center self-start rounded-sm">
        <Wordmark />
      </PageLink>
      <div className="space-y-0.5">
        <Switcher {...organization} />
        {project && <Switcher {...project} />}
      </div>
      <div className="space-y-4 border-t border-line pt-3">
        {groups.map((group) => (
          <div key={group.heading ?? ''}>
            {group.heading && <div className="mb-1 px-2 text-xs text-faint">{group.heading}</div>}
            <ul className="space-y-px">
              {group.items.map((item) => (
                <li key={item.href}>
                  <PageLink
                    href={item.href}
                    aria-current={item.current ? 'page' : undefined}
                    className={clsx(
                      'flex h-8 items-center gap-2.5 rounded-md px-2 focus-visible:-outline-offset-2 [&>svg]:size-4',
                      item.current
                        ? 'bg-hover font-medium text-ink'
                        : 'text-muted hover:bg-hover hover:text-ink [&>svg]:text-faint',
                    )}
                  >
                    {item.icon}
                    {item.label}
                  </PageLink>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  )
}
