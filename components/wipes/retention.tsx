'use client'

import { useNow, utcTime } from '#components/ui/time'
import { hoursInWords } from './table-name.tsx'

/** "3 days, until 2026-11-24 21:37 UTC": how long data nuked now is kept. */
export function Retention({ hours }: { hours: number }) {
  const now = useNow()
  const end = now === null ? null : utcTime(new Date(now + hours * 3_600_000).toISOString())
  return (
    <>
      {hoursInWords(hours)}
      {end && `, until ${end.replace(/:\d\d UTC$/, ' UTC')}`}
    </>
  )
}
