type Ask = () => Promise<boolean>

let ask: Ask | undefined
let asking: Promise<boolean> | undefined

/** Registers the dialog that confirms the user's identity. Returns a function that unregisters it. */
export function registerIdentityDialog(next: Ask): () => void {
  ask = next
  return () => {
    if (ask === next) ask = undefined
  }
}

/**
 * True once the user has confirmed it's them; false when they decline or no dialog is registered. Concurrent calls share one
 * dialog.
 */
export function confirmIdentity(): Promise<boolean> {
  asking ??= (ask?.() ?? Promise.resolve(false)).finally(() => (asking = undefined))
  return asking
}
