import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CreateRelationship, RelationshipQuery, UpdateRelationship } from '#contract/data/relationships'
import { call, callPage, callTagged } from '../call.ts'
import { type InEnvironment, scrolled, useDataInvalidation } from './entities.ts'
import { projectsKey } from '../projects/projects.ts'

export type RelationshipFilter = Partial<
  Pick<z.input<typeof RelationshipQuery>, 'relationshipType' | 'state' | 'entity' | 'from' | 'to'>
>

const key = ({ org, project, env }: InEnvironment) => [...projectsKey(org), project, 'relationships', env] as const
const paramsOf = ({ org, project, env }: InEnvironment) => ({ o: org, p: project, envName: env })

/** Oldest first, page by page. */
export const relationshipsQuery = (at: InEnvironment, filter: RelationshipFilter, limit = 200) =>
  infiniteQueryOptions({
    queryKey: [...key(at), 'rows', filter, limit],
    queryFn: ({ signal, pageParam }) =>
      callPage('GET /{o}/{p}/envs/{envName}/relationships', {
        params: paramsOf(at),
        query: { ...filter, limit, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    ...scrolled,
  })

export const relationshipQuery = (at: InEnvironment, relationshipId: string) =>
  queryOptions({
    queryKey: [...key(at), 'one', relationshipId],
    queryFn: ({ signal }) =>
      callTagged('GET /{o}/{p}/envs/{envName}/relationships/{relationshipId}', {
        params: { ...paramsOf(at), relationshipId },
        signal,
      }),
  })

export function useCreateRelationship(at: InEnvironment) {
  const onSuccess = useDataInvalidation(at)
  return useMutation({
    mutationFn: (body: z.input<typeof CreateRelationship>) =>
      call('POST /{o}/{p}/envs/{envName}/relationships', { params: paramsOf(at), body }),
    onSuccess,
  })
}

/** Refused when the version is outdated. Then the relationship reloads, so that the screen shows its current state. */
export function useUpdateRelationship(at: InEnvironment, relationshipId: string) {
  const onSettled = useDataInvalidation(at)
  return useMutation({
    mutationFn: ({ ifMatch, ...body }: z.input<typeof UpdateRelationship> & { ifMatch: string }) =>
      call('PUT /{o}/{p}/envs/{envName}/relationships/{relationshipId}', {
        params: { ...paramsOf(at), relationshipId },
        body,
        ifMatch,
      }),
    onSettled,
  })
}

export function useDeleteRelationship(at: InEnvironment, relationshipId: string) {
  const invalidate = useDataInvalidation(at, relationshipId)
  return useMutation({
    mutationFn: () =>
      call('DELETE /{o}/{p}/envs/{envName}/relationships/{relationshipId}', { params: { ...paramsOf(at), relationshipId } }),
    // Not awaited: the panel that shows it closes at once.
    onSuccess: () => void invalidate(),
  })
}
