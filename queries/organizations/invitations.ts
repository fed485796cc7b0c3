import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { AcceptInvitation, InvitePeople } from '#contract/organizations/invitations'
import { call, callPage } from '../call.ts'

const key = (org: string) => ['orgs', org, 'invitations'] as const

/** Open invitations: pending ones, and expired ones that can be sent again. */
export const invitationsQuery = (org: string, cursor?: string) =>
  queryOptions({
    queryKey: [...key(org), cursor],
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/invitations', { params: { orgId: org }, query: cursor ? { cursor } : {}, signal }),
  })

/** Open invitations to one address. */
export const invitationsToQuery = (org: string, email: string) =>
  queryOptions({
    queryKey: [...key(org), { email }],
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/invitations', { params: { orgId: org }, query: { email, limit: 50 }, signal }),
  })

function useInvalidation(org: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: key(org) })
}

export function useInvitePeople(org: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (body: z.input<typeof InvitePeople>) => call('POST /orgs/{orgId}/invitations', { params: { orgId: org }, body }),
    onSuccess,
  })
}

export function useResendInvitation(org: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (invitationId: string) =>
      call('POST /orgs/{orgId}/invitations/{invitationId}/resend', { params: { orgId: org, invitationId } }),
    onSuccess,
  })
}

export function useRevokeInvitation(org: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (invitationId: string) =>
      call('DELETE /orgs/{orgId}/invitations/{invitationId}', { params: { orgId: org, invitationId } }),
    onSuccess,
  })
}

/** What an invitation link is for, and who is viewing it. */
export const openInvitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => call('GET /invitations/{token}', { params: { token }, signal }),
    // An accepted invitation cannot be read again, but its page stays open.
    refetchOnWindowFocus: false,
  })

export function useAcceptInvitation(token: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof AcceptInvitation>) => call('POST /invitations/{token}/accept', { params: { token }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['orgs'] }),
  })
}
