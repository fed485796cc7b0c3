import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { reviewStates, riskMarks } from '#contract/words'

const inUrl = {
  q: parseAsString.withDefault(''),
  mark: parseAsStringLiteral(riskMarks),
  state: parseAsStringLiteral(reviewStates),
  days: parseAsInteger.withDefault(90),
}

/** The filter of the people under review, kept in the URL. */
export function usePeopleFilter() {
  const [filter, setFilter] = useQueryStates(inUrl)
  const { q, mark, state, days } = filter
  const text = q.trim()
  const query = { days, ...(text && { q: text }), ...(mark && { mark }), ...(state && { state }) }
  return { filter, setFilter, query, isFiltered: q !== '' || mark !== null || state !== null }
}

export type PeopleFilterState = ReturnType<typeof usePeopleFilter>['filter']
