'use client'

import { useSyncExternalStore } from 'react'
import { Tooltip } from './tooltip.tsx'

const units = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** "3 hours ago", "in 2 days", "just now". */
export function relativeTime(value: string, now: number) {
  const ahead = Date.parse(value) - now
  // Keeps a three-day deadline that was set a moment ago at three days, not two.
  const distance = ahead > 0 ? ahead + 60_000 : ahead
  for (const [unit, length] of units) {
    if (Math.abs(distance) >= length) return words.format(Math.trunc(distance / length), unit)
  }
  return ahead > 0 ? 'in a moment' : 'just now'
}

/** "2026-11-21 14:03:09 UTC", from any RFC 3339 text. */
export const utcTime = (value: string) => `${new Date(value).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** One clock for all times on the page, so that they update together. */
function subscribeToMinutes(turn: () => void) {
  const timer = setInterval(turn, 30_000)
  return () => clearInterval(timer)
}
const halfMinute = () => Math.floor(Date.now() / 30_000) * 30_000

/** The browser's clock, to half a minute; null on the server, which cannot know it. */
export const useNow = () => useSyncExternalStore<number | null>(subscribeToMinutes, halfMinute, () => null)

/** The same; on the server its own clock, for what may differ a little once the browser takes over. */
export const useNowOrServerTime = () => useSyncExternalStore(subscribeToMinutes, halfMinute, halfMinute)

export interface TimeProps {
  /** RFC 3339, as the API returns it. */
  value: string
  /** Shows the exact time, and the relative one on hover. */
  exact?: boolean
  className?: string
}

/** A time: relative, with the exact UTC time on hover. */
export function Time({ value, exact = false, className }: TimeProps) {
  // By the server's clock at first: an exact time in its place would be wider, and the page would move when it is replaced.
  const now = useNowOrServerTime()
  const utc = utcTime(value)
  const relative = relativeTime(value, Math.max(now, Math.min(Date.parse(value), now + 30_000)))
  return (
    <Tooltip content={<span className="tabular-nums">{exact ? relative : utc}</span>}>
      <time suppressHydrationWarning dateTime={value} className={className ?? 'whitespace-nowrap tabular-nums'}>
        {exact ? utc : relative}
      </time>
    </Tooltip>
  )
}
