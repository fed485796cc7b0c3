import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { reviewKinds, reviewReasons, roles } from '#contract/words'

const sorts = ['name', '-name', 'expires', '-expires', 'seen', '-seen'] as const

const inUrl = {
  q: parseAsString.withDefault(''),
  kind: parseAsStringLiteral(reviewKinds),
  role: parseAsStringLiteral(roles),
  reason: parseAsStringLiteral(reviewReasons),
  project: parseAsString,
  days: parseAsInteger.withDefault(90),
  within: parseAsInteger.withDefault(7),
  sort: parseAsStringLiteral(sorts),
}

/** The filter and sort order of the review, kept in the URL. */
export function useReviewFilter() {
  const [filter, setFilter] = useQueryStates(inUrl)
  const { q, kind, role, reason, project } = filter
  return { filter, setFilter, filtered: q !== '' || [kind, role, reason, project].some((value) => value !== null) }
}

export type ReviewFilterState = ReturnType<typeof useReviewFilter>['filter']

/** The sort order that a table's header asks for. */
export const asSort = (text: string | null) => sorts.find((sort) => sort === text) ?? null

/** The filter as API parameters. */
export const reviewQuery = ({ q, kind, role, reason, project, days, within, sort }: ReviewFilterState) => ({
  days,
  within,
  ...(q.trim() && { q: q.trim() }),
  ...(kind && { kind }),
  ...(role && { role }),
  ...(reason && { reason }),
  ...(project && { project }),
  ...(sort && { sort }),
})
