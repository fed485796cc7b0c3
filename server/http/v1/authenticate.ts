import type { Database } from '#db/client'
import type { Origin, TokenActor, UserActor } from '#domain/context'
import { DomainError } from '#domain/errors'
import { ensureHomeOrganization } from '#domain/v1/home'
import { tokenKind } from '#domain/tokens/text'
import { bearer, callerOf, fromPersonalToken, fromProjectToken } from '../authenticate.ts'
import { countAddress, countCaller } from '../rate-limit.ts'
import { noteActor } from '../record.ts'
import { fromJwt, isJwt } from './jwt.ts'
import { registeredThings } from './registered.ts'

/** The actors that a request proves. There may be several, each used for what it alone may do (reference v1, 0.3). */
export type Proven = {
  user?: UserActor
  token?: TokenActor
  /** An agent or core instance that acts for itself. */
  things: TokenActor[]
}

const invalidToken = () => new DomainError('unauthenticated', 'invalid token')

/** Looks up every credential of the request. A wrong one is 401, whatever else came with it. Cookies are ignored. */
export async function authenticateV1(request: Request, db: Database, origin: Origin): Promise<Proven> {
  const proven = await provenBy(request, db, origin).catch(async (error: unknown) => {
    await countAddress(request)
    throw error
  })
  const caller = proven.user ?? proven.token ?? proven.things[0]
  if (caller) {
    noteActor(request, caller)
    await countCaller(request, callerOf(caller))
  }
  return proven
}

async function provenBy(request: Request, db: Database, origin: Origin): Promise<Proven> {
  const text = bearer(request)
  const projectToken = request.headers.get('x-project-token')
  const things = await registeredThings(request, db)
  if (text === null && projectToken === null && things.length === 0) throw new DomainError('unauthenticated', 'unauthenticated')
  const proven: Proven = { things }
  if (text !== null) {
    if (isPerson(text)) proven.user = await personOf(text, db, origin)
    else proven.token = await tokenOf(text, db, origin)
  }
  if (projectToken !== null) proven.token = await tokenOf(projectToken, db, origin)
  return proven
}

const isPerson = (text: string) => tokenKind(text) === 'personal' || isJwt(text)

/** A person without an organization gets one of their own on first use. */
async function personOf(text: string, db: Database, origin: Origin): Promise<UserActor> {
  const user = isJwt(text) ? await fromJwt(db, text, origin) : await fromPersonalToken(db, text, origin.address)
  if (!user) throw invalidToken()
  if (user.orgId === null) await ensureHomeOrganization(db, user, origin.requestId)
  return user
}

async function tokenOf(text: string, db: Database, { address }: Origin): Promise<TokenActor> {
  const token = await fromProjectToken(db, text, address)
  if (!token) throw invalidToken()
  return token
}
