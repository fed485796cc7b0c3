import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs'

const hours = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 } as const

/** The period that the log shows. */
export type Since = keyof typeof hours
export const sinceOptions: { value: Since; label: string }[] = [
  { value: 'hour', label: 'last hour' },
  { value: 'day', label: 'last 24 hours' },
  { value: 'week', label: 'last 7 days' },
  { value: 'month', label: 'last 30 days' },
]

const inUrl = {
  action: parseAsString,
  actor: parseAsString,
  target: parseAsString,
  /** Only in the log of an organization. */
  project: parseAsString,
  since: parseAsStringLiteral(sinceOptions.map(({ value }) => value)),
  requestId: parseAsString,
}

const MINUTE = 60_000

/** The log's filter, kept in the URL. */
export function useAuditFilter() {
  const [filter, setFilter] = useQueryStates(inUrl)
  return { filter, setFilter, filtered: Object.values(filter).some((value) => value !== null) }
}

export type AuditFilterState = ReturnType<typeof useAuditFilter>['filter']

/** The filter as API parameters. Times are rounded to the minute, so that a new render sends the same query. */
export function auditQuery({ action, actor, target, project, since, requestId }: AuditFilterState, now: number) {
  const from = since && new Date(Math.floor(now / MINUTE) * MINUTE - hours[since] * 60 * MINUTE).toISOString()
  return {
    ...(action && { action }),
    ...(actor && { actor }),
    ...(target && { target }),
    ...(project && { project }),
    ...(from && { from }),
    ...(requestId && { requestId }),
  }
}

/** The event whose panel is open, kept in the URL. */
export const useOpenEvent = () => useQueryState('event', parseAsString)
