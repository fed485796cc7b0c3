'use client'

import { Avatar } from '#components/ui/avatar'
import { IconButton } from '#components/ui/icon-button'
import { Menu, type MenuItem } from '#components/ui/menu'

export interface Account {
  name: string
  email: string
  /** Personal tokens, sessions, sign out. */
  items: readonly MenuItem[]
}

/** The signed-in person and their own pages. */
export function AccountMenu({ name, email, items }: Account) {
  return (
    <Menu
      trigger={
        <IconButton label={`Account of ${name}`} tooltip={false} icon={<Avatar name={name} />} className="rounded-full!" />
      }
      heading={
        <>
          <div className="truncate font-medium">{name}</div>
          <div className="truncate text-xs text-muted">{email}</div>
        </>
      }
      items={items}
    />
  )
}
