'use client'

import { useState } from 'react'
import { CopyByHand } from './copy-by-hand.tsx'

/** Over plain HTTP, a browser has no clipboard for pages, but still copies what is selected when a button is pressed. */
function copySelected(text: string): boolean {
  const selection = getSelection()
  if (!selection) return false
  const before = Array.from({ length: selection.rangeCount }, (_, i) => selection.getRangeAt(i))
  const holder = document.createElement('span')
  holder.textContent = text
  holder.style.cssText = 'position: fixed; opacity: 0; white-space: pre; user-select: text'
  let copied = false
  holder.addEventListener('copy', (event) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopPropagation()
    copied = true
  })
  document.body.append(holder)
  selection.selectAllChildren(holder)
  try {
    // oxlint-disable-next-line typescript/no-deprecated -- all that there is without HTTPS
    document.execCommand('copy')
  } finally {
    holder.remove()
    selection.removeAllRanges()
    for (const range of before) selection.addRange(range)
  }
  return copied
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text)
  }
}

/** The one way to copy. Where the browser refuses, `byHand` shows the text selected and says why; render it beside the button. */
export function useCopy() {
  const [copied, setCopied] = useState(false)
  const [refused, setRefused] = useState<{ text: string; what: string } | null>(null)
  /** `what` names the text: "slug", "token". */
  const copy = async (text: string, what: string): Promise<boolean> => {
    const done = await write(text)
    if (!done) setRefused({ text, what })
    setCopied(done)
    setTimeout(() => setCopied(false), 1600)
    return done
  }
  const byHand = refused && <CopyByHand {...refused} onClose={() => setRefused(null)} />
  return { copied, copy, byHand }
}
