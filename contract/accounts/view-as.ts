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
    summary: 'View a project as another person',
    permission: 'members:manage',
    description:
      'Only from a browser session, for 30 minutes or until you stop. You see only this project, read-only, and only what both you and the other person may see. ' +
      'Every other request gets 403 `viewing_as`. Viewing ends immediately if either of you loses the access. ' +
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
    summary: 'Stop viewing as another person',
    permission: 'session',
    returns: z.object({ stopped: z.boolean().describe('False if this session was not viewing as another person.') }),
  }),
}
