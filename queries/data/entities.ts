import {
  type InfiniteData,
  infiniteQueryOptions,
  type Query,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import type { z } from 'zod'
import { cellOperations } from '#contract/catalog/cells'
import { type CreateEntity, type EntityQuery, type UpdateEntity, entityOperations } from '#contract/data/entities'
import { call, callPage, callTagged, type Page } from '../call.ts'
import { isNotAbout, projectsKey } from '../projects/projects.ts'

export interface InEnvironment {
  org: string
  project: string
  env: string
}

export type EntityFilter = Partial<Pick<z.input<typeof EntityQuery>, 'entityType' | 'state' | 'cell' | 'label' | 'q'>>

const key = ({ org, project, env }: InEnvironment) => [...projectsKey(org), project, 'entities', env] as const
const paramsOf = ({ org, project, env }: InEnvironment) => ({ o: org, p: project, envName: env })

/** So many pages are read again by themselves; a list that somebody scrolled further than that stays as it was read. */
const fewPages = 5
const isShort = ({ state: { data } }: Pick<Query, 'state'>) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is no list has no pages
  ((data as Partial<InfiniteData<unknown>> | undefined)?.pages?.length ?? 0) <= fewPages

/** How a list that is read page by page while one scrolls is kept fresh. */
export const scrolled = {
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }: Page<unknown>) => next,
  refetchOnMount: isShort,
  refetchOnWindowFocus: isShort,
  refetchOnReconnect: isShort,
}

/** Oldest first, page by page. */
export const entitiesQuery = (at: InEnvironment, filter: EntityFilter) =>
  infiniteQueryOptions({
    queryKey: [...key(at), 'rows', filter],
    queryFn: ({ signal, pageParam }) =>
      callPage(entityOperations.list, {
        params: paramsOf(at),
        query: { ...filter, limit: 200, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    ...scrolled,
  })

/** Entities to pick from, of one type, by name. */
export const entitiesToPickQuery = (at: InEnvironment, entityType: string, q: string) =>
  queryOptions({
    queryKey: [...key(at), 'pick', entityType, q],
    queryFn: ({ signal }) => call(entityOperations.list, { params: paramsOf(at), query: { entityType, q, limit: 50 }, signal }),
  })

/** One, by id, with the tag of the version that was read. */
export const entityQuery = (at: InEnvironment, id: string) =>
  queryOptions({
    queryKey: [...key(at), 'one', id],
    queryFn: ({ signal }) => callTagged(entityOperations.get, { params: { ...paramsOf(at), name: id }, signal }),
  })

/**
 * A write can change the numbers and cells of others, so everything of the project is read anew, long lists aside, and what
 * is `gone` (its id).
 */
export function useDataInvalidation({ org, project }: Pick<InEnvironment, 'org' | 'project'>, gone?: string) {
  const client = useQueryClient()
  const isOther = isNotAbout(gone)
  const predicate = (query: Query) => isShort(query) && isOther(query)
  return () => client.invalidateQueries({ queryKey: [...projectsKey(org), project], predicate })
}

export function useCreateEntity(at: InEnvironment) {
  const onSuccess = useDataInvalidation(at)
  return useMutation({
    mutationFn: (body: z.input<typeof CreateEntity>) => call(entityOperations.create, { params: paramsOf(at), body }),
    onSuccess,
  })
}

/** Refused when it is not of this version any more; then it is read anew, so that the screen shows what it has become. */
export function useUpdateEntity(at: InEnvironment, id: string) {
  const onSettled = useDataInvalidation(at)
  return useMutation({
    mutationFn: ({ ifMatch, ...body }: z.input<typeof UpdateEntity> & { ifMatch: string }) =>
      call(entityOperations.update, { params: { ...paramsOf(at), name: id }, body, ifMatch }),
    onSettled,
  })
}

export function useDeleteEntity(at: InEnvironment, id: string) {
  const invalidate = useDataInvalidation(at, id)
  return useMutation({
    mutationFn: () => call(entityOperations.delete, { params: { ...paramsOf(at), name: id } }),
    // Not waited for: the panel that shows it closes at once.
    onSuccess: () => void invalidate(),
  })
}

/** Puts an entity into an explicit cell, or takes it out. */
export function useSetCellMember(at: InEnvironment, entityId: string) {
  const onSuccess = useDataInvalidation(at)
  return useMutation({
    mutationFn: ({ cell, member }: { cell: string; member: boolean }) =>
      call(member ? cellOperations.addMember : cellOperations.removeMember, {
        params: { ...paramsOf(at), name: cell, entityId },
      }),
    onSuccess,
  })
}
