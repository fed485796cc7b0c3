import { z } from 'zod'
import { Id, Time } from '../common.ts'
import { operation } from '../operation.ts'

/** The person and project that a session views, and until when. */
export const Viewing = z.object({
  organization: z.object({ slug: z.string() }),
  project: z.object({ id: Id, slug: z.string(), name: z.string() }),
  user: z.object({ id: Id, name: z.string(), email: z.string() }),
  expiresAt: Time,
})
export type Viewing = z.infer<typeof Viewing>

export const ViewAs = z.strictObject({ userId: Id })
export type ViewAs = z.infer<typeof ViewAs>

const tag = 'View as'

export const viewAsOperations = {
  start: operation({
    method: 'POST',
    path: '/orgs/{orgId}/projects/{projectId}/view-as',
    tag,
    summary: 'See the project as one of its people sees it',
    permission: 'members:manage',
    description:
      'For a browser session, for half an hour or until it is stopped: only reading, only this project, and only what both may see. ' +
      'Everything else answers 403 `viewing_as` meanwhile. It ends at once when either of the two loses the access that it rests on. ' +
      '404 `user_not_found`, 403 `viewing_yourself`.',
    body: ViewAs,
    returns: Viewing,
    status: 201,
    errors: { 409: '`nothing_to_view`' },
  }),
  stop: operation({
    method: 'DELETE',
    path: '/me/view-as',
    tag,
    summary: 'Stop seeing a project as somebody else does',
    permission: 'session',
    returns: z.object({ stopped: z.boolean().describe('false when nothing was to stop.') }),
  }),
}
