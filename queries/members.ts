import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { type AddMember, type MemberQuery, type UpdateMember, memberOperations } from '#contract/members'
import { call, callPage } from './call.ts'
import { projectsKey } from './projects.ts'

export type MembersFilter = Partial<Pick<z.input<typeof MemberQuery>, 'q' | 'role' | 'env' | 'scope' | 'cursor'>>

const key = (org: string, project: string) => [...projectsKey(org), project, 'members'] as const

export const membersQuery = (org: string, project: string, filter: MembersFilter = {}) =>
  queryOptions({
    queryKey: [...key(org, project), filter],
    queryFn: ({ signal }) =>
      callPage(memberOperations.list, { params: { orgId: org, projectId: project }, query: filter, signal }),
  })

export const memberQuery = (org: string, project: string, userId: string) =>
  queryOptions({
    queryKey: [...key(org, project), userId],
    queryFn: ({ signal }) => call(memberOperations.get, { params: { orgId: org, projectId: project, userId }, signal }),
  })

/** A change of a membership can change what the caller himself may do, so everything of the project is stale. */
function useInvalidation(org: string, project: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] })
}

export function useAddMember(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: (body: z.input<typeof AddMember>) =>
      call(memberOperations.add, { params: { orgId: org, projectId: project }, body }),
    onSuccess,
  })
}

export function useUpdateMember(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: ({ userId, ...body }: z.input<typeof UpdateMember> & { userId: string }) =>
      call(memberOperations.update, { params: { orgId: org, projectId: project, userId }, body }),
    onSuccess,
  })
}

export function useRemoveMember(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: (userId: string) => call(memberOperations.remove, { params: { orgId: org, projectId: project, userId } }),
    onSuccess,
  })
}

export function useSetCellScopes(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: ({ userId, cellScopes }: { userId: string; cellScopes: string[] | null }) =>
      call(memberOperations.setCellScopes, { params: { orgId: org, projectId: project, userId }, body: { cellScopes } }),
    onSuccess,
  })
}

export type MemberChange = { kind: 'update'; body: z.input<typeof UpdateMember> } | { kind: 'remove' }

/** The same change for several, one after the other; `onResult` hears after each how it went, and the lists are read anew once at the end. */
export function useChangeMembers(org: string, project: string, onResult: (userId: string, error: Error | null) => void) {
  const onSettled = useInvalidation(org, project)
  const changeOne = (userId: string, change: MemberChange) => {
    const params = { orgId: org, projectId: project, userId }
    return change.kind === 'remove'
      ? call(memberOperations.remove, { params })
      : call(memberOperations.update, { params, body: change.body })
  }
  return useMutation({
    mutationFn: async ({ userIds, change }: { userIds: string[]; change: MemberChange }) => {
      for (const userId of userIds) {
        // One after the other: whether an owner is the last one depends on what went before.
        // oxlint-disable-next-line no-await-in-loop
        await changeOne(userId, change).then(
          () => onResult(userId, null),
          (error: unknown) => onResult(userId, error instanceof Error ? error : new Error(String(error))),
        )
      }
    },
    onSettled,
  })
}
