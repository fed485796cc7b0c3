import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { roles } from '#contract/words'

export const scopes = ['all', 'some', 'none'] as const

const inUrl = {
  q: parseAsString.withDefault(''),
  role: parseAsStringLiteral(roles),
  env: parseAsString,
  scope: parseAsStringLiteral(scopes),
}

/** The filter of the list of members, kept in the URL. */
export function useMembersFilter() {
  const [filter, setFilter] = useQueryStates(inUrl)
  const filtered = filter.q !== '' || filter.role !== null || filter.env !== null || filter.scope !== null
  return { filter, setFilter, filtered }
}

export type MembersFilterState = ReturnType<typeof useMembersFilter>['filter']
