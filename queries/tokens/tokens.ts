import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CreatePersonalToken, CreateToken, TokenQuery, UpdateToken } from '#contract/tokens/tokens'
import { projectReviewKey } from '../review/access-review.ts'
import { call, callPage } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

const key = (org: string, project: string) => [...projectsKey(org), project, 'tokens'] as const

/** Tokens also appear in the access review. */
const staleTokens = (client: QueryClient, org: string, project: string) =>
  Promise.all([key(org, project), projectReviewKey(org, project)].map((queryKey) => client.invalidateQueries({ queryKey })))

export const tokensQuery = (
  org: string,
  project: string,
  filter: Partial<Pick<z.input<typeof TokenQuery>, 'q' | 'cursor'>> = {},
) =>
  queryOptions({
    queryKey: [...key(org, project), filter],
    queryFn: ({ signal }) => callPage('GET /{o}/{p}/tokens', { params: { o: org, p: project }, query: filter, signal }),
  })

type Changed = z.input<typeof UpdateToken> & { tokenId: string }

export function useUpdateToken(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ tokenId, ...body }: Changed) =>
      call('PATCH /{o}/{p}/tokens/{tokenId}', { params: { o: org, p: project, tokenId }, body }),
    onSuccess: () => staleTokens(client, org, project),
  })
}

/** The answer contains the token, which is shown once. */
export function useCreateToken(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof CreateToken>) => call('POST /{o}/{p}/tokens', { params: { o: org, p: project }, body }),
    onSuccess: () => staleTokens(client, org, project),
  })
}

export function useRotateToken(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ tokenId, overlapSeconds }: { tokenId: string; overlapSeconds: number }) =>
      call('POST /{o}/{p}/tokens/{tokenId}/rotate', { params: { o: org, p: project, tokenId }, body: { overlapSeconds } }),
    onSuccess: () => staleTokens(client, org, project),
  })
}

export function useRevokeToken(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (tokenId: string) => call('DELETE /{o}/{p}/tokens/{tokenId}', { params: { o: org, p: project, tokenId } }),
    onSuccess: () => staleTokens(client, org, project),
  })
}

const personalKey = (org: string) => ['orgs', org, 'personal-tokens'] as const

export const personalTokensQuery = (org: string) =>
  queryOptions({
    queryKey: personalKey(org),
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/personal-tokens', { params: { orgId: org }, query: { limit: 200 }, signal }),
  })

export function useCreatePersonalToken(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof CreatePersonalToken>) =>
      call('POST /orgs/{orgId}/personal-tokens', { params: { orgId: org }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: personalKey(org) }),
  })
}

export function useUpdatePersonalToken(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ tokenId, ...body }: Changed) =>
      call('PATCH /orgs/{orgId}/personal-tokens/{tokenId}', { params: { orgId: org, tokenId }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: personalKey(org) }),
  })
}

export function useRevokePersonalToken(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (tokenId: string) => call('DELETE /orgs/{orgId}/personal-tokens/{tokenId}', { params: { orgId: org, tokenId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: personalKey(org) }),
  })
}
