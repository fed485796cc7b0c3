import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** False in what the server sends, true from the moment on at which the page answers to what is done in it. */
export const useHydrated = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
