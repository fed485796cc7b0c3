import {
  type InfiniteData,
  infiniteQueryOptions,
  type Query,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import type { z } from 'zod'
import type { CreateEntity, EntityQuery, UpdateEntity } from '#contract/data/entities'
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

/** Lists up to this many pages reload by themselves; longer ones keep what was read. */
const fewPages = 5
const isShort = ({ state: { data } }: Pick<Query, 'state'>) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is no list has no pages
  ((data as Partial<InfiniteData<unknown>> | undefined)?.pages?.length ?? 0) <= fewPages

/** Keeps a list fresh that is read page by page while scrolling. */
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
      callPage('GET /{o}/{p}/envs/{envName}/entities', {
        params: paramsOf(at),
        query: { ...filter, limit: 200, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    ...scrolled,
  })

/** Entities of one type to pick from, by name. */
export const entitiesToPickQuery = (at: InEnvironment, entityType: string, q: string) =>
  queryOptions({
    queryKey: [...key(at), 'pick', entityType, q],
    queryFn: ({ signal }) =>
      call('GET /{o}/{p}/envs/{envName}/entities', { params: paramsOf(at), query: { entityType, q, limit: 50 }, signal }),
  })

/** One entity by id, with the ETag of the version that was read. */
export const entityQuery = (at: InEnvironment, id: string) =>
  queryOptions({
    queryKey: [...key(at), 'one', id],
    queryFn: ({ signal }) =>
      callTagged('GET /{o}/{p}/envs/{envName}/entities/{name}', { params: { ...paramsOf(at), name: id }, signal }),
  })

/**
 * A write can change numbers and cells of other resources, so everything of the project reloads, except long lists and the
 * resource with the id `gone`.
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
    mutationFn: (body: z.input<typeof CreateEntity>) =>
      call('POST /{o}/{p}/envs/{envName}/entities', { params: paramsOf(at), body }),
    onSuccess,
  })
}

/** Refused when the version is outdated. Then the entity reloads, so that the screen shows its current state. */
export function useUpdateEntity(at: InEnvironment, id: string) {
  const onSettled = useDataInvalidation(at)
  return useMutation({
    mutationFn: ({ ifMatch, ...body }: z.input<typeof UpdateEntity> & { ifMatch: string }) =>
      call('PUT /{o}/{p}/envs/{envName}/entities/{name}', { params: { ...paramsOf(at), name: id }, body, ifMatch }),
    onSettled,
  })
}

export function useDeleteEntity(at: InEnvironment, id: string) {
  const invalidate = useDataInvalidation(at, id)
  return useMutation({
    mutationFn: () => call('DELETE /{o}/{p}/envs/{envName}/entities/{name}', { params: { ...paramsOf(at), name: id } }),
    // Not awaited: the panel that shows it closes at once.
    onSuccess: () => void invalidate(),
  })
}

/** Adds an entity to an explicit cell, or removes it. */
export function useSetCellMember(at: InEnvironment, entityId: string) {
  const onSuccess = useDataInvalidation(at)
  return useMutation({
    mutationFn: ({ cell, member }: { cell: string; member: boolean }) =>
      call(
        member
          ? 'PUT /{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}'
          : 'DELETE /{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}',
        {
          params: { ...paramsOf(at), name: cell, entityId },
        },
      ),
    onSuccess,
  })
}
