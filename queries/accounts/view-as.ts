import { useMutation } from '@tanstack/react-query'
import { call } from '../call.ts'

/** Afterwards the session views the project as this person. Reload the page. */
export function useViewAs(org: string, project: string) {
  return useMutation({
    mutationFn: (userId: string) =>
      call('POST /orgs/{orgId}/projects/{projectId}/view-as', { params: { orgId: org, projectId: project }, body: { userId } }),
  })
}

/** Afterwards the session has its own permissions again. Reload the page. */
export function useStopViewing() {
  return useMutation({ mutationFn: () => call('DELETE /me/view-as', {}) })
}
