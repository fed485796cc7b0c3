import { parseAsString, useQueryState, useQueryStates } from 'nuqs'

const inUrl = { action: parseAsString, actor: parseAsString }

/** What the log is narrowed to; in the URL. */
export function useAuditFilter() {
  const [filter, setFilter] = useQueryStates(inUrl)
  return { filter, setFilter, filtered: filter.action !== null || filter.actor !== null }
}

export type AuditFilterState = ReturnType<typeof useAuditFilter>['filter']

/** The event whose panel is open; in the URL. */
export const useOpenEvent = () => useQueryState('event', parseAsString)
