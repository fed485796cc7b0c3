import type { Trx } from '#db/client'
import type { OrgContext, ProjectContext, UserActor } from '#domain/context'
import { newId, newRequestId } from '#domain/ids'
import { resolveOrganization, resolveProject } from '#server/http/resolve'
import { cast, organization, type Who } from './cast.ts'

export type Stage = {
  trx: Trx
  idOf(who: Who): string
  inOrganization(who: Who): Promise<OrgContext>
  inProject(who: Who, slug: string): Promise<ProjectContext>
}

/** Lets the people of the demo act with their own access, so that the audit log names them. */
export function newStage(trx: Trx, ids: Record<Who, string>): Stage {
  function actor(who: Who): UserActor {
    const { name, email } = cast[who]
    const authenticatedAt = new Date().toISOString()
    return {
      kind: 'user',
      id: ids[who],
      name,
      email,
      avatarUrl: null,
      via: 'session',
      credentialId: newId(),
      orgId: null,
      authenticatedAt,
    }
  }
  function inOrganization(who: Who) {
    const origin = { requestId: newRequestId(), address: null }
    return resolveOrganization({ db: trx, actor: actor(who), verb: 'update', origin, ifMatch: null }, organization.slug)
  }
  return {
    trx,
    idOf: (who) => ids[who],
    inOrganization,
    inProject: async (who, slug) => resolveProject(await inOrganization(who), slug),
  }
}

const DAY = 24 * 60 * 60 * 1000

/** A time `days` from now; a negative number lies in the past. */
export const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()
