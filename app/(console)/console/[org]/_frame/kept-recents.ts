/** What recents are kept under in this browser, by person and organization. */
export const RECENTS = 'bulkhead.recents.'

/** At the end of a session, whoever uses this browser next gets none of them. */
export function forgetRecents() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(RECENTS)) localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}
