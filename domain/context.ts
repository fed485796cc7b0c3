import type { Database, Trx } from '#db/client'
import type { Role, VerbGrant } from '#contract/common'

/**
 * A person, authenticated by a session cookie, a personal token or a JWT of a trusted issuer. `orgId` is set when the token works
 * in one organization only.
 */
export type UserActor = {
  kind: 'user'
  id: string
  name: string
  email: string
  avatarUrl: string | null
  via: 'session' | 'personal_token' | 'jwt'
  credentialId: string
  orgId: string | null
  /** RFC 3339; when the session was last authenticated. */
  authenticatedAt: string | null
  /** The lifetime of a personal token. */
  tokenLife?: { createdAt: string; expiresAt: string | null }
  /** Where a personal token may be used from; absent or empty means from anywhere. */
  allowedAddresses?: readonly string[]
  /** Set while the session views a project as another person. */
  viewing?: Viewing
}

/** Read-only, in one project, with what both the viewer and the person may read there. */
export type Viewing = {
  org: { id: string; slug: string; role: Role }
  project: { id: string; slug: string; name: string }
  person: { id: string; email: string; name: string }
  grant: Grant
  expiresAt: string
}

/** A machine, authenticated by a project token. */
export type TokenActor = {
  kind: 'project_token'
  id: string
  name: string
  projectId: string
  orgId: string
  grant: Grant
  /** Where the token may be used from; absent or empty means from anywhere. */
  allowedAddresses?: readonly string[]
  /** The person behind the token: who made it, or made the token that made it. */
  madeBy?: string | null
  /** Set when an agent or a core instance uses its own token: `id` is then its id, and it acts only on itself. */
  itself?: 'agent' | 'core-instance'
}

export type Actor = UserActor | TokenActor

/** An actor's access to one project. */
export type Grant = {
  role: Role
  source: 'project' | 'organization' | 'token'
  envId: string | null
  cellScopes: string[] | null
  /** Empty means all four. */
  verbs: VerbGrant[]
  expiresAt: string | null
}

export type Verb = 'create' | 'read' | 'update' | 'delete'

/** Where a call comes from; stored with every audit event. */
export type Origin = {
  requestId: string
  address: string | null
  /** The called path, and the status of its success. */
  url?: string
  responseCode?: number
}

export type ActorContext = {
  db: Database | Trx
  actor: Actor
  verb: Verb
  origin: Origin
  /** The `If-Match` of the request, without quotes: one version, several separated by commas, or `*`. */
  ifMatch: string | null
}

export type OrgContext = ActorContext & { org: { id: string; slug: string; role: Role | null } }

export type ProjectContext = OrgContext & {
  project: { id: string; slug: string; generation: number }
  grant: Grant
}
