'use client'

import { type ComponentType, createContext, type ReactNode, useContext, useEffect, useId, useLayoutEffect, useState } from 'react'
import type { DiscardDialogProps } from './discard-dialog.tsx'

/** The page, or a window above it, with the forms in it that hold typed text. */
interface Holder {
  typed: Set<string>
  /** Asks whether the text may be lost; the callback runs when the user agrees. */
  ask: (leave: () => void) => void
}

let page: Holder | undefined
/** The windows that are open above it, the top one last. */
const windows: Holder[] = []
/** Texts that survive everything but closing the tab. */
const drafts = new Set<string>()
/** The user has agreed to leave, and has typed nothing since. */
let agreed = false

const isTyped = () => [page, ...windows].some((holder) => holder && holder.typed.size > 0)

const onUnload = (event: BeforeUnloadEvent) => !agreed && event.preventDefault()

/** Loaded once something is typed, so that the pages of those who only read, or sign in, are lighter. */
const loadQuestion = () => import('./discard-dialog.tsx').then((module) => module.DiscardDialog)

/** Only while there is something to lose: with such a listener, a browser does not keep the page for Back. */
function watchUnload() {
  if (isTyped() || drafts.size > 0) addEventListener('beforeunload', onUnload)
  else removeEventListener('beforeunload', onUnload)
}

/** Leaves the page, after asking when typed text would be lost. */
export function leaving(leave: () => void) {
  const top = windows.at(-1) ?? page
  if (agreed || !top || !isTyped()) return leave()
  top.ask(() => {
    agreed = true
    leave()
  })
}

export const Holding = createContext<Holder | null>(null)

interface UnsavedProps {
  /** Whether something typed would be lost. */
  when: boolean
  /** The text survives leaving the page and a reload, so only closing the tab asks. */
  draft?: boolean
}

/** Marks typed text: leaving its page or window asks first. Its place in the tree says which. */
export function Unsaved({ when, draft = false }: UnsavedProps) {
  const holder = useContext(Holding)
  const id = useId()
  useEffect(() => {
    const texts = draft ? drafts : holder?.typed
    if (!when || !texts) return
    agreed = false
    texts.add(id)
    // A failure shows when it is needed.
    loadQuestion().catch(() => {})
    watchUnload()
    return () => {
      texts.delete(id)
      watchUnload()
    }
  }, [when, draft, holder, id])
  return null
}

/** Why a window closes, as Base UI says it. */
interface Closing {
  reason: string
}

/** A holder, and its question while that is asked. */
function useQuestion() {
  const [asked, setAsked] = useState<{ leave: () => void; Question: ComponentType<DiscardDialogProps> } | null>(null)
  const [holder] = useState<Holder>(() => ({
    typed: new Set(),
    ask: (leave) =>
      void loadQuestion().then(
        (Question) => setAsked({ leave, Question }),
        // The browser's own question needs no code.
        () => globalThis.confirm('Discard what you typed?') && leave(),
      ),
  }))
  const question = asked && (
    <asked.Question
      onKeep={() => setAsked(null)}
      onDiscard={() => {
        setAsked(null)
        asked.leave()
      }}
    />
  )
  return { holder, question }
}

/**
 * For a window: keeps what is typed in it. `change` stands in for `onOpenChange`, and `question` belongs inside the window, so that
 * Escape answers the question and not the window below.
 */
export function useHolder(open: boolean, onOpenChange: (open: boolean) => void) {
  const { holder, question } = useQuestion()
  useLayoutEffect(() => {
    if (!open) return
    windows.push(holder)
    return () => void windows.splice(windows.indexOf(holder), 1)
  }, [open, holder])
  const change = (next: boolean, { reason }: Closing) => {
    // Escape is heard by every window that is not inside another.
    if (!next && reason === 'escape-key' && windows.at(-1) !== holder) return
    if (next || holder.typed.size === 0) onOpenChange(next)
    // A press beside the window is too easily made by mistake to be answered with a question.
    else if (reason !== 'outside-press') holder.ask(() => onOpenChange(false))
  }
  return { holder, change, question }
}

/** A link within the console, followed in this tab, that leads away from what the page shows. */
function leadsAway(link: HTMLAnchorElement): boolean {
  const to = new URL(link.href, location.href)
  const isHere = to.pathname === location.pathname && to.search === location.search
  return to.origin === location.origin && !isHere && !link.download && (link.target === '' || link.target === '_self')
}

function onClick(event: MouseEvent) {
  const { target, button, metaKey, ctrlKey, shiftKey, altKey } = event
  if (agreed || button !== 0 || metaKey || ctrlKey || shiftKey || altKey || !isTyped()) return
  const link = target instanceof Element && target.closest<HTMLAnchorElement>('a[href]')
  if (!link || !leadsAway(link)) return
  event.preventDefault()
  event.stopPropagation()
  // A menu may have closed in the meantime, and its link with it.
  leaving(() => (link.isConnected ? link.click() : location.assign(link.href)))
}

/** Back and Forward. Browsers without this interface go back without asking, except out of the console. */
function onNavigate(event: NavigateEvent) {
  const { destination } = event
  const isHere = new URL(destination.url).pathname + new URL(destination.url).search === location.pathname + location.search
  if (agreed || event.navigationType !== 'traverse' || !event.cancelable || isHere || !destination.sameDocument || !isTyped())
    return
  event.preventDefault()
  leaving(() => void navigation.traverseTo(destination.key))
}

const onInput = () => void (agreed = false)

/** Around the whole console: asks before typed text is lost by a link, by Back, by a reload, or by closing the tab. */
export function UnsavedText({ children }: { children: ReactNode }) {
  const { holder, question } = useQuestion()
  useEffect(() => {
    page = holder
    // Before React hears of them.
    addEventListener('click', onClick, { capture: true })
    addEventListener('input', onInput, { capture: true })
    if ('navigation' in globalThis) navigation.addEventListener('navigate', onNavigate)
    return () => {
      page = undefined
      removeEventListener('click', onClick, { capture: true })
      removeEventListener('input', onInput, { capture: true })
      if ('navigation' in globalThis) navigation.removeEventListener('navigate', onNavigate)
    }
  }, [holder])
  return (
    <Holding value={holder}>
      {children}
      {question}
    </Holding>
  )
}
