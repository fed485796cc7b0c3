import { useEffect } from 'react'

/**
 * A key that an input method takes: Enter accepts its suggestion, Escape drops it, arrows choose another. Safari ends the composition
 * before it reports the key, so there only the code 229 tells.
 */
// oxlint-disable-next-line typescript/no-deprecated -- nothing else says it in Safari
const isTaken = ({ isComposing, keyCode }: KeyboardEvent) => isComposing || keyCode === 229

function onKey(event: KeyboardEvent) {
  if (!isTaken(event)) return
  event.stopImmediatePropagation()
  // Else Enter would also submit the form around the field.
  if (event.key === 'Enter') event.preventDefault()
}

/** Keeps the keys of an input method from forms, lists and windows. Used once, around the console. */
export function useComposedKeys() {
  useEffect(() => {
    // On the window and on the way down: before React, Base UI and every shortcut.
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [])
}
