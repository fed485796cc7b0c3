'use client'

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { type ComponentType, useEffect, useState } from 'react'
import { Button } from '#components/ui/button'
import { Disclosure } from '#components/ui/disclosure'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { Skeleton } from '#components/ui/skeleton'
import type { ActivityDay } from '#contract/audit/events'
import { activityQuery } from '#queries/audit/events'
import { accessQuery } from '#queries/review/access'
import type { ProjectPath } from '../project-path.ts'
import { dayInWords, kinds, summaryOf, totalOfDay, totalOfKind } from './activity-words.ts'

const height = 'h-36'

/** How many changes people, tokens and the server made each day: as a chart, in words, and as a table. */
export function Activity({ org, project }: ProjectPath) {
  const why = useQuery(accessQuery(org, project)).data?.can['audit:read']
  const { data, error, refetch } = useQuery({ ...activityQuery(org, project), enabled: why?.allowed ?? false })
  const days = data?.days
  if (why?.reason) {
    return (
      <Section title="Changes in the last 30 days">
        <p className="text-muted">{why.reason}.</p>
      </Section>
    )
  }
  return (
    <Section title="Changes in the last 30 days">
      {error ? (
        <Notice tone="warning" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {error.message}
        </Notice>
      ) : (
        <>
          <figure aria-label={days ? summaryOf(days) : 'Loading the changes of each day'}>
            <Legend days={days} />
            <div className={clsx('mt-3', height)}>{days ? <Chart days={days} /> : <Skeleton className="h-full w-full" />}</div>
            <div aria-hidden className="mt-1 flex h-4 justify-between text-xs text-faint">
              {days && (
                <>
                  <span>{dayInWords(days[0]!.date)}</span>
                  <span>Today</span>
                </>
              )}
            </div>
          </figure>
          <div className="mt-2 min-h-5">{days && <AsTable days={days} />}</div>
        </>
      )}
    </Section>
  )
}

function Legend({ days }: { days: readonly ActivityDay[] | undefined }) {
  return (
    <ul className="flex min-h-5 flex-wrap gap-x-4 gap-y-1">
      {kinds.map(({ key, label, ground }) => (
        <li key={key} className="flex items-center gap-1.5 text-muted">
          <span aria-hidden className={clsx('size-2 rounded-full', ground)} />
          {label}
          <span className="font-medium text-ink tabular-nums">
            {days ? totalOfKind(days, key).toLocaleString('en-US') : <Skeleton className="h-3 w-5" />}
          </span>
        </li>
      ))}
    </ul>
  )
}

type ChartProps = { days: readonly ActivityDay[] }

/** Its code comes after the page, which has kept its place. Without it the table still has every number. */
function Chart(props: ChartProps) {
  const [Loaded, setLoaded] = useState<ComponentType<ChartProps>>()
  const [hasFailed, setFailed] = useState(false)
  useEffect(() => {
    let isGone = false
    import('./activity-chart.tsx').then(
      ({ ActivityChart }) => isGone || setLoaded(() => ActivityChart),
      () => isGone || setFailed(true),
    )
    return () => {
      isGone = true
    }
  }, [])
  if (hasFailed) return <p className="text-muted">The chart couldn’t be loaded. The table below has its numbers.</p>
  return Loaded ? <Loaded {...props} /> : null
}

function AsTable({ days }: ChartProps) {
  const busy = days.filter((day) => totalOfDay(day) > 0).toReversed()
  const cell = 'px-2 py-1 text-right tabular-nums'
  if (busy.length === 0) return <p className="text-muted">No changes in the last 30 days.</p>
  return (
    <Disclosure summary="Show as a table">
      <table className="mt-2 w-full">
        <caption className="sr-only">Changes by day and kind of actor; days without any are left out</caption>
        <thead>
          <tr className="text-xs text-muted">
            <th scope="col" className="py-1 text-left font-medium">
              Day
            </th>
            {kinds.map(({ key, label }) => (
              <th key={key} scope="col" className={clsx(cell, 'font-medium')}>
                {label}
              </th>
            ))}
            <th scope="col" className={clsx(cell, 'font-medium')}>
              Total
            </th>
          </tr>
        </thead>
        <tbody>
          {busy.map((day) => (
            <tr key={day.date} className="*:border-t *:border-line">
              <th scope="row" className="py-1 text-left font-normal whitespace-nowrap">
                {dayInWords(day.date)}
              </th>
              {kinds.map(({ key }) => (
                <td key={key} className={cell}>
                  {day[key].toLocaleString('en-US')}
                </td>
              ))}
              <td className={cell}>
                {day.more && 'more than '}
                {totalOfDay(day).toLocaleString('en-US')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Disclosure>
  )
}
