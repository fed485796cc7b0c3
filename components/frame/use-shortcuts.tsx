import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react'

/** A screen that `g` and this letter go to. */
export interface Shortcut {
  letter: string
  label: string
  href: string
}

/** Milliseconds after `g` within which the letter must follow. */
const PATIENCE = 1500

const storageKey = 'bulkhead.single-keys'
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
const isOn = () => {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

/** Whether single keys act; kept in this browser. Who dictates to a computer turns them off. */
export function useSingleKeys(): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, isOn, () => true)
  const set = (next: boolean) => {
    try {
      if (next) localStorage.removeItem(storageKey)
      else localStorage.setItem(storageKey, 'off')
    } catch {
      // Then they are on again after the next load.
    }
    for (const listener of listeners) listener()
  }
  return [on, set]
}

/** Somebody types, or something above the page has the keyboard. */
const isTaken = (target: EventTarget | null) =>
  (target instanceof Element && target.closest('input, textarea, select, [contenteditable=true], [role=combobox]') !== null) ||
  document.querySelector('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]') !== null

interface Keys {
  shortcuts: readonly Shortcut[]
  go: (href: string) => void
  onPalette: () => void
  onHelp: () => void
}

/** ⌘K or Ctrl K anywhere; outside of fields also `?`, `/`, and `g` with a letter. */
export function useShortcuts({ shortcuts, go, onPalette, onHelp }: Keys) {
  const [singleKeys] = useSingleKeys()
  /** When `g` was pressed. */
  const began = useRef(-Infinity)

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const { key, metaKey, ctrlKey, altKey, shiftKey } = event
    if (key.toLowerCase() === 'k' && (metaKey || ctrlKey) && !altKey && !shiftKey) {
      event.preventDefault()
      onPalette()
      return
    }
    if (!singleKeys || metaKey || ctrlKey || altKey || event.repeat || event.isComposing || isTaken(event.target)) return
    const isSecond = event.timeStamp - began.current < PATIENCE
    began.current = -Infinity
    const found = isSecond && shortcuts.find(({ letter }) => letter === key.toLowerCase())
    if (found) go(found.href)
    else if (key.toLowerCase() === 'g') began.current = event.timeStamp
    else if (key === '?') onHelp()
    else if (key === '/') focusFilter(onPalette)
    else return
    event.preventDefault()
  })

  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

/** The filter of the page's list, or, on a page without one, the palette. */
function focusFilter(otherwise: () => void) {
  const filter = document.querySelector<HTMLInputElement>('#content input[type=search]')
  if (!filter) return otherwise()
  filter.focus()
  filter.select()
}
