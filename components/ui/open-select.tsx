'use client'

import { useOpenAtOnce } from './first-touch.tsx'
import { Select, type SelectProps } from './select.tsx'

/** A select that opens as soon as it is there. */
export function OpenSelect(props: SelectProps<string>) {
  return <Select {...props} ref={useOpenAtOnce()} />
}
