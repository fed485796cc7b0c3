import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** False in server-rendered HTML; true once the page handles events. */
export const useHydrated = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
