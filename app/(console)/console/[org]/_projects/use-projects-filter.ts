import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { projectActivities, roles, summarySorts } from '#contract/words'

const yesOrNo = ['yes', 'no'] as const

const inUrl = {
  q: parseAsString.withDefault(''),
  role: parseAsStringLiteral(roles),
  protected: parseAsStringLiteral(yesOrNo),
  activity: parseAsStringLiteral(projectActivities),
  favorite: parseAsStringLiteral(yesOrNo),
  sort: parseAsStringLiteral(summarySorts),
}

/** The filter and sort order of the list of projects, kept in the URL. */
export function useProjectsFilter() {
  const [state, setFilter] = useQueryStates(inUrl)
  const { q, role, protected: isProtected, activity, favorite, sort } = state
  const filter = {
    q: q.trim(),
    ...(role && { role }),
    ...(isProtected && { protected: isProtected }),
    ...(activity && { activity }),
    ...(favorite && { favorite }),
  }
  return { state, sort, setFilter, filter, isFiltered: q !== '' || Object.keys(filter).length > 1 }
}

export type ProjectsFilterState = ReturnType<typeof useProjectsFilter>['state']

/** The sort order that a table's header asks for. */
export const asSort = (text: string | null) => summarySorts.find((sort) => sort === text) ?? null

export const protections = [
  { value: 'yes', label: 'Protected' },
  { value: 'no', label: 'Not protected' },
] as const

export const favorites = [
  { value: 'yes', label: 'Favorites' },
  { value: 'no', label: 'Others' },
] as const

export const activities = [
  { value: '7', label: 'Changed in 7 days' },
  { value: '30', label: 'Changed in 30 days' },
  { value: '90', label: 'Changed in 90 days' },
  { value: 'idle', label: 'No change for 90 days' },
] as const
