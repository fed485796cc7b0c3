import type { AcceptInvitation, AcceptedInvitation } from '#contract/organizations/invitations'
import type { Database, Trx } from '#db/client'
import type { ActorContext, Origin } from '#domain/context'
import { joinByLink } from '#domain/organizations/joining'
import { sessionCookie } from './session-cookie.ts'

type Call = {
  db: Database | Trx
  origin: Origin
  actor?: ActorContext
  params: { token: string }
  body: AcceptInvitation
  request: Request
  setCookie: (cookie: string) => void
}

/** Accepts an invitation. When proving the address ended the browser's session, continues in a new one. */
export async function joinInBrowser({ params, body, request, setCookie, ...guest }: Call): Promise<AcceptedInvitation> {
  const { signedIn, ...joined } = await joinByLink({ ...guest, userAgent: request.headers.get('user-agent') }, params.token, body)
  if (signedIn) setCookie(await sessionCookie(signedIn))
  return joined
}
