import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Revocable } from '#contract/members/made-by'
import type { AddMember, Member, MemberQuery, UpdateMember } from '#contract/members/members'
import type { MemberChange as MemberChangeShape } from '#contract/members/changes'
import { call, callAll, callPage, callTagged } from '../call.ts'
import { batchesOf, inTurn } from '../in-turn.ts'
import { projectsKey } from '../projects/projects.ts'

type MemberRowChange = z.input<typeof MemberChangeShape>

export type MembersFilter = Partial<Pick<z.input<typeof MemberQuery>, 'q' | 'role' | 'env' | 'scope' | 'cursor'>>

const key = (org: string, project: string) => [...projectsKey(org), project, 'members'] as const

export const membersQuery = (org: string, project: string, filter: MembersFilter = {}) =>
  queryOptions({
    queryKey: [...key(org, project), filter],
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/projects/{projectId}/members', {
        params: { orgId: org, projectId: project },
        query: filter,
        signal,
      }),
  })

export const memberQuery = (org: string, project: string, userId: string) =>
  queryOptions({
    queryKey: [...key(org, project), userId],
    queryFn: ({ signal }) =>
      call('GET /orgs/{orgId}/projects/{projectId}/members/{userId}', {
        params: { orgId: org, projectId: project, userId },
        signal,
      }),
  })

/** A member as they are now, with the version that a change of them names. */
export const currentMemberQuery = (org: string, project: string, userId: string) =>
  queryOptions({
    queryKey: [...key(org, project), userId, 'current'],
    queryFn: ({ signal }) =>
      callTagged('GET /orgs/{orgId}/projects/{projectId}/members/{userId}', {
        params: { orgId: org, projectId: project, userId },
        signal,
      }),
    staleTime: 0,
    gcTime: 0,
  })

/** What a member created in the project and what of it still works. */
export const memberMadeQuery = (org: string, project: string, userId: string) =>
  queryOptions({
    queryKey: [...key(org, project), userId, 'made'],
    queryFn: ({ signal }) =>
      call('GET /orgs/{orgId}/projects/{projectId}/members/{userId}/made', {
        params: { orgId: org, projectId: project, userId },
        signal,
      }),
  })

/** A membership change can change the caller's own permissions, so everything of the project is stale. */
function useInvalidation(org: string, project: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] })
}

export function useAddMember(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: (body: z.input<typeof AddMember>) =>
      call('POST /orgs/{orgId}/projects/{projectId}/members', { params: { orgId: org, projectId: project }, body }),
    onSuccess,
  })
}

export function useUpdateMember(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: ({ userId, ifMatch, ...body }: z.input<typeof UpdateMember> & { userId: string; ifMatch?: string }) =>
      call('PATCH /orgs/{orgId}/projects/{projectId}/members/{userId}', {
        params: { orgId: org, projectId: project, userId },
        body,
        ...(ifMatch && { ifMatch }),
      }),
    onSuccess,
  })
}

export function useRemoveMember(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: ({ userId, revoke }: { userId: string; revoke: readonly Revocable[] }) =>
      call('DELETE /orgs/{orgId}/projects/{projectId}/members/{userId}', {
        params: { orgId: org, projectId: project, userId },
        ...(revoke.length > 0 && { query: { revoke: revoke.join() } }),
      }),
    onSuccess,
  })
}

/** The membership that a removal ended, as the audit log has it. */
async function lastMembership(org: string, project: string, userId: string): Promise<z.input<typeof AddMember>> {
  const query = { target: userId, action: 'member.removed', limit: 1 }
  const [removed] = await call('GET /{o}/{p}/audit-events', { params: { o: org, p: project }, query })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the event of a removal holds the member
  const { role, envName, cellScopes, permissions, expiresAt } = removed!.before as Member
  return { userId, role, envName, cellScopes, permissions, expiresAt }
}

/** Adds a removed member again, exactly as they were. */
export function useUndoRemoval(org: string, project: string) {
  const onSuccess = useInvalidation(org, project)
  return useMutation({
    mutationFn: async (userId: string) =>
      call('POST /orgs/{orgId}/projects/{projectId}/members', {
        params: { orgId: org, projectId: project },
        body: await lastMembership(org, project, userId),
      }),
    onSuccess,
  })
}

export type MemberChange =
  | { kind: 'update'; body: Omit<Extract<MemberRowChange, { action: 'update' }>, 'action' | 'projectId' | 'userId'> }
  | { kind: 'remove'; revoke?: Revocable[] }

/** Every member that matches a filter, from all pages. */
export function useAllMembers(org: string, project: string) {
  return useMutation({
    mutationFn: (filter: MembersFilter) =>
      callAll('GET /orgs/{orgId}/projects/{projectId}/members', { params: { orgId: org, projectId: project }, query: filter }),
  })
}

/** Applies one change to several members. `onResult` gets each result; the lists reload once at the end. */
export function useChangeMembers(org: string, project: string, onResult: (userId: string, error: Error | null) => void) {
  const onSettled = useInvalidation(org, project)
  const rowOf = (userId: string, change: MemberChange): MemberRowChange =>
    change.kind === 'remove'
      ? { action: 'remove', projectId: project, userId, ...(change.revoke && { revoke: change.revoke }) }
      : { action: 'update', projectId: project, userId, ...change.body }
  return useMutation({
    mutationFn: ({ userIds, change }: { userIds: string[]; change: MemberChange }) =>
      inTurn(
        batchesOf(userIds, async (some) => {
          const changes = some.map((userId) => rowOf(userId, change))
          return (await call('POST /orgs/{orgId}/member-changes', { params: { orgId: org }, body: { changes } })).outcomes
        }),
        onResult,
      ),
    onSettled,
  })
}
