import { useMutation } from '@tanstack/react-query'
import { viewAsOperations } from '#contract/accounts/view-as'
import { call } from '../call.ts'

/** From then on the session sees the project as this person: load the page anew. */
export function useViewAs(org: string, project: string) {
  return useMutation({
    mutationFn: (userId: string) =>
      call(viewAsOperations.start, { params: { orgId: org, projectId: project }, body: { userId } }),
  })
}

/** The session sees everything with its own eyes again: load the page anew. */
export function useStopViewing() {
  return useMutation({ mutationFn: () => call(viewAsOperations.stop, {}) })
}
