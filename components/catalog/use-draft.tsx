import { useSyncExternalStore } from 'react'

const texts = new Map<string, string | null>()
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function read(key: string): string | null {
  if (!texts.has(key)) texts.set(key, orUndefined(() => sessionStorage.getItem(key)) ?? null)
  return texts.get(key) ?? null
}

/** A browser may refuse storage, or this much of it. The text then lives as long as the page. */
function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function write(key: string, text: string | null) {
  texts.set(key, text)
  orUndefined(() => sessionStorage.removeItem(key))
  if (text !== null) orUndefined(() => sessionStorage.setItem(key, text))
  for (const listener of listeners) listener()
}

/** A text that survives leaving the page, a reload and a new sign-in, in this tab; null while nothing was written. */
export function useDraft(key: string): [text: string | null, write: (text: string | null) => void] {
  const text = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  return [text, (next) => write(key, next)]
}
