import { type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { useHydrated } from './use-hydrated.tsx'

interface Controlled<Element> {
  value: string
  onChange: (value: string) => void
  /** The caller's own ref. */
  ref?: Ref<Element> | undefined
}

/**
 * Reports what somebody typed while the scripts of the page were still on their way: it stands in the element alone, and the next
 * rendering would erase it. Returns the ref of the element. Call it where the value is kept, after the hook that keeps it.
 */
export function useTypedEarly<Element extends HTMLInputElement | HTMLTextAreaElement>({
  value,
  onChange,
  ref,
}: Controlled<Element>) {
  const element = useRef<Element>(null)
  useImperativeHandle(ref, () => element.current!, [])
  const isHydrating = !useHydrated()
  const first = useRef({ value, onChange, isHydrating })
  useLayoutEffect(() => {
    const before = first.current
    const typed = element.current?.value ?? before.value
    if (before.isHydrating && typed !== before.value) before.onChange(typed)
  }, [])
  return element
}
