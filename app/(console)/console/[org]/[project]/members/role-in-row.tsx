'use client'

import { ChevronsUpDown } from 'lucide-react'
import { useId } from 'react'
import { roleName } from '#components/access/role'
import { selectLook } from '#components/ui/control'
import { closedCombobox, useFirstTouch } from '#components/ui/first-touch'
import type { SelectOption } from '#components/ui/select'
import { Tooltip } from '#components/ui/tooltip'
import type { Role } from '#contract/common'

export interface RoleInRowProps {
  name: string
  role: Role
  options: readonly SelectOption[]
  /** Why it can't be changed here; null when it can. */
  reason: string | null
  onChange: (role: Role) => void
}

const load = () => import('#components/ui/open-select').then((module) => module.OpenSelect)

const look = 'w-auto! min-w-20 sm:min-w-24 border-line! bg-raised'

/** The role of a member as a select in their row, which saves at once. Its code is fetched when it is first touched. */
export function RoleInRow({ name, role, options, reason, onChange }: RoleInRowProps) {
  const { Control, touch } = useFirstTouch(load)
  const id = useId()
  const label = `Role of ${name}`
  if (Control && reason === null) {
    return (
      <Control
        size="sm"
        label={label}
        options={options}
        value={role}
        onChange={(next) => next !== role && onChange(next as Role)}
        className={look}
      />
    )
  }
  const button = (
    <button
      type="button"
      {...closedCombobox('listbox')}
      aria-label={`${label}: ${roleName(role)}`}
      aria-disabled={reason !== null || undefined}
      aria-describedby={reason === null ? undefined : id}
      data-disabled={reason === null ? undefined : ''}
      className={selectLook('sm', reason === null ? look : `${look} cursor-not-allowed`)}
      {...(reason === null && touch)}
    >
      <span className="min-w-0 flex-1 truncate">{roleName(role)}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 text-faint" />
    </button>
  )
  if (reason === null) return button
  return (
    <>
      <Tooltip content={reason} openOnPress>
        {button}
      </Tooltip>
      <span id={id} hidden>
        {reason}
      </span>
    </>
  )
}
