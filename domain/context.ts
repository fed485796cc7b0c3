import type { Database, Trx } from '#db/client'
import type { Role, VerbGrant } from '#contract/common'

/** A person, proven by a session cookie, a personal token or a JWT of a trusted issuer. `orgId` is set when the token works in one organisation only. */
export type UserActor = {
  kind: 'user'
  id: string
  name: string
  email: string
  avatarUrl: string | null
  via: 'session' | 'personal_token' | 'jwt'
  credentialId: string
  orgId: string | null
  /** RFC 3339; when a session's password was last given. */
  authenticatedAt: string | null
  /** From when to when a personal token lives. */
  tokenLife?: { createdAt: string; expiresAt: string | null }
  /** Where a personal token may be used from; absent or empty = from anywhere. */
  allowedAddresses?: readonly string[]
  /** The session looks at one project as somebody else sees it. */
  viewing?: Viewing
}

/** Read-only, in this project alone, with what both the viewer and the person may there. */
export type Viewing = {
  org: { id: string; slug: string; role: Role }
  project: { id: string; slug: string; name: string }
  person: { id: string; email: string; name: string }
  grant: Grant
  expiresAt: string
}

/** A machine, proven by a project token. */
export type TokenActor = {
  kind: 'project_token'
  id: string
  name: string
  projectId: string
  orgId: string
  grant: Grant
  /** Where it may be used from; absent or empty = from anywhere. */
  allowedAddresses?: readonly string[]
  /** The person behind it: who made it, or made the token that did. */
  madeBy?: string | null
  /** The token is that of an agent or core instance, whose id it has: it acts on itself alone. */
  itself?: 'agent' | 'core-instance'
}

export type Actor = UserActor | TokenActor

/** What an actor has on one project. */
export type Grant = {
  role: Role
  source: 'project' | 'organization' | 'token'
  envId: string | null
  cellScopes: string[] | null
  /** Empty = all four. */
  verbs: VerbGrant[]
  expiresAt: string | null
}

export type Verb = 'create' | 'read' | 'update' | 'delete'

/** Where a call comes from: kept with every audit event. */
export type Origin = {
  requestId: string
  address: string | null
  /** The path that was called, and the status that it answers when it succeeds. */
  url?: string
  responseCode?: number
}

export type ActorContext = {
  db: Database | Trx
  actor: Actor
  verb: Verb
  origin: Origin
  /** The `If-Match` of the request, without its quotes: one version, several with commas, or `*`. */
  ifMatch: string | null
}

export type OrgContext = ActorContext & { org: { id: string; slug: string; role: Role | null } }

export type ProjectContext = OrgContext & {
  project: { id: string; slug: string; generation: number }
  grant: Grant
}
