import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { meQuery } from '#queries/accounts/me'

export interface RecentProject {
  slug: string
  name: string
}

const MOST = 5

/** Of one person in one organization, in this browser. Like everything recent, it begins with the words that signing out clears. */
const keyOf = (userId: string, org: string) => `bulkhead.recents.projects.${userId}.${org}`

/** What another version or another hand has written is left out. */
function read(text: string): RecentProject[] {
  try {
    const list: unknown = JSON.parse(text)
    if (!Array.isArray(list)) return []
    return list.filter(
      (one: Partial<RecentProject> | null): one is RecentProject => typeof one?.slug === 'string' && typeof one.name === 'string',
    )
  } catch {
    return []
  }
}

function stored(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function store(key: string, projects: RecentProject[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(projects.slice(0, MOST)))
  } catch {
    // A browser that keeps nothing has no recents.
  }
}

function subscribe(listener: () => void) {
  addEventListener('storage', listener)
  return () => removeEventListener('storage', listener)
}

/** Whose recents they are; undefined while that loads, and while they view a project as somebody else. */
function useOwner(): string | undefined {
  const me = useQuery(meQuery()).data
  return me && !me.viewing ? me.id : undefined
}

/** The projects that this person opened last in this browser. */
export function useRecentProjects(org: string): RecentProject[] {
  const owner = useOwner()
  const text = useSyncExternalStore(
    subscribe,
    () => (owner ? stored(keyOf(owner, org)) : ''),
    () => '',
  )
  return read(text)
}

/** Remembers a project that is open, and forgets one that is not there. */
export function useRecordProject(org: string, slug: string, name: string | undefined, isGone: boolean): void {
  const owner = useOwner()
  useEffect(() => {
    if (!owner || (name === undefined && !isGone)) return
    const key = keyOf(owner, org)
    const others = read(stored(key)).filter((one) => one.slug !== slug)
    store(key, name === undefined ? others : [{ slug, name }, ...others])
  }, [owner, org, slug, name, isGone])
}
