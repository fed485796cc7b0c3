'use client'

import NextLink from 'next/link'
import type { ComponentProps } from 'react'
import { useState } from 'react'

/**
 * Next's link, prefetching only when the user is about to follow it. By default Next prefetches every visible link, some thirty a
 * screen, twice, and each costs the server more than all that the screen itself reads.
 */
export function PageLink({ prefetch, onMouseEnter, onFocus, onTouchStart, ...props }: ComponentProps<typeof NextLink>) {
  const [isNear, setNear] = useState(false)
  const near =
    <E,>(handler: ((event: E) => void) | undefined) =>
    (event: E) => {
      setNear(true)
      handler?.(event)
    }
  return (
    <NextLink
      {...props}
      prefetch={prefetch ?? (isNear ? null : false)}
      onMouseEnter={near(onMouseEnter)}
      onFocus={near(onFocus)}
      onTouchStart={near(onTouchStart)}
    />
  )
}
