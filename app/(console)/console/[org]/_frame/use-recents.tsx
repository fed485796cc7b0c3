import { useQuery } from '@tanstack/react-query'
import { Clock } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import type { PaletteItem } from '#components/frame/command-palette'
import { paths } from '#contract/paths'
import { meQuery } from '#queries/accounts/me'
import { RECENTS } from './kept-recents.ts'

type Recent = Pick<PaletteItem, 'id' | 'label' | 'hint' | 'href'>

const MOST = 6

/**
 * Where somebody has been: screens, projects and people. What a scope may hide is not kept, since a browser that keeps it would
 * still show it when the scope is gone.
 */
const isKept = ({ id, href }: PaletteItem) => href !== undefined && /^(screen|project|member|person) /.test(id)

const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}

function stored(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

const isText = (value: unknown) => typeof value === 'string'

/** What another version or another hand has written is left out. */
function readable(text: string): Recent[] {
  try {
    const list: unknown = JSON.parse(text)
    if (!Array.isArray(list)) return []
    return list.filter((one: Partial<Recent> | null): one is Recent => {
      const isWhole = [one?.id, one?.label, one?.href].every(isText) && (one!.hint === undefined || isText(one!.hint))
      return isWhole && one!.href!.startsWith(`${paths.console}/`)
    })
  } catch {
    return []
  }
}

/** The items that this person chose last in this organization, kept in this browser; none while they view as somebody else. */
export function useRecents(org: string) {
  const me = useQuery(meQuery()).data
  const key = `${RECENTS}${me?.id ?? ''}.${org}`
  const isOff = me === undefined || Boolean(me.viewing)
  const text = useSyncExternalStore(
    subscribe,
    () => stored(key),
    () => '',
  )
  const recents = isOff ? [] : readable(text)
  return {
    items: recents.map((one): PaletteItem => ({ ...one, id: `recent ${one.id}`, icon: <Clock aria-hidden /> })),
    remember(item: PaletteItem) {
      const { label, hint, href } = item
      const id = item.id.replace(/^recent /, '')
      if (isOff || !isKept({ ...item, id })) return
      const next = [{ id, label, hint, href }, ...recents.filter((one) => one.id !== id)].slice(0, MOST)
      try {
        localStorage.setItem(key, JSON.stringify(next))
      } catch {
        // A browser that keeps nothing has no recents.
      }
      for (const listener of listeners) listener()
    },
  }
}
