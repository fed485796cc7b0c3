import { z } from 'zod'
import type { Action } from './access/permissions.ts'
import { asAnswered } from './answered.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call: everyone, credentials ignored (`public`) or read if present (`anybody`); any authenticated caller; a person in the
 * browser (`session`); or an actor with this permission on the URL's project or organization.
 */
export type Permission = 'public' | 'anybody' | 'authenticated' | 'session' | Action

/**
 * One operation of an API, declared once. The route handler, the OpenAPI document, the console's client and the tests all read
 * it. Paths are written as in the seed: `/orgs/{orgId}/projects`.
 */
export type Operation<
  Path extends string = string,
  Who extends Permission = Permission,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Returns extends z.ZodType = z.ZodType,
  Verb extends Method = Method,
> = {
  method: Verb
  path: Path
  tag: string
  summary: string
  description?: string
  permission: Who
  /** The permission needed when it concerns another person: anyone may leave, but removing someone needs it. */
  ofOthers: Action | undefined
  query: Query
  /** `undefined` where the operation takes no body. */
  body: Body | undefined
  /** The body may be absent. */
  bodyOptional: boolean
  returns: Returns
  /**
   * 303 is for a browser: it is redirected to the answer's `location`, after a refusal too. 501 is for what clients of a published
   * API may call and this server does not have.
   */
  status: 200 | 201 | 202 | 204 | 303 | 501
  /** The statuses ≥ 400 of this operation, besides 400, 401, 403, 404, 405, 413, 415 and 429, which any operation may answer. */
  errors: Partial<Record<number, string>>
  /** The limit of the body in bytes. By default 64 KiB without credentials, else 1 MiB. */
  maxBody: number
  /** The media type of a body that the server does not interpret: read up to `maxBody`, then dropped. */
  rawBody: string | undefined
  /** The body may also be YAML: one document, or a stream of `items`. */
  takesYaml: boolean
  /** NDJSON, line by line: the answer of a GET, the body of a POST. */
  stream: boolean
  /** The lines it streams to `Accept: application/x-ndjson` while it runs. */
  lines: z.ZodType | undefined
  /** Where the status depends on the outcome (apply: 200 or 207). */
  statusOf: ((output: unknown) => number) | undefined
  /** The answer's field that ends the new resource's URL, for `Location`. */
  location: string | undefined
  /** Answers 403 instead of 404 for an organization or project that the actor may not know of (seed: nuke). */
  hideUnknown: boolean
  /** Whether its calls count toward the caller's rate limit. */
  isCounted: boolean
  /**
   * Whether a client may have its answer compressed. Never one that shows a secret: its length would give the secret away to
   * whoever can have some of their own text in the same answer. By default only what a caller with a permission reads.
   */
  isCompressed: boolean
  /**
   * In a browser it needs a sign-in at most ten minutes old (`domain/access/fresh-sign-in.ts`): always, or in the cases described
   * here. Otherwise 403 `reauthentication_required`.
   */
  freshSignIn: string | undefined
}

/** The names of operations by resource: `projects.list`. */
export const idsOf = (resources: Record<string, Record<string, unknown>>): ReadonlyMap<unknown, string> =>
  new Map(
    Object.entries(resources).flatMap(([resource, operations]) =>
      Object.entries(operations).map(([name, one]) => [one, `${resource}.${name}`] as const),
    ),
  )

/**
 * Whether it honors `Idempotency-Key`. An import, which is for an empty project, has no second effect anyway. Calls about a session itself, or open to everybody, are never repeated from storage: a
 * failed try must count, and a secret is shown once.
 */
export const mayRepeat = ({ method, permission, stream }: Pick<Operation, 'method' | 'permission' | 'stream'>) =>
  method === 'POST' && !stream && permission !== 'session' && permission !== 'public' && permission !== 'anybody'

export const takesBody = ({ body, rawBody, stream, method }: Pick<Operation, 'body' | 'rawBody' | 'stream' | 'method'>) =>
  body !== undefined || rawBody !== undefined || (stream && method === 'POST')

/** No query parameters; any parameter is refused. */
export const NoQuery = z.strictObject({})

/** What a declaration may leave out. */
export type Defaults =
  | 'ofOthers'
  | 'query'
  | 'body'
  | 'bodyOptional'
  | 'status'
  | 'errors'
  | 'hideUnknown'
  | 'isCounted'
  | 'isCompressed'
  | 'freshSignIn'
  | 'location'
  | 'maxBody'
  | 'rawBody'
  | 'takesYaml'
  | 'stream'
  | 'lines'
  | 'statusOf'

/** An operation as it is declared. */
export type Declared<One, Optional extends keyof One> = Omit<One, Optional> & Partial<Pick<One, Optional>>

/** Declares an operation. By default it takes no query and no body. Throws when no permission is declared. */
export function operation<
  const Path extends string,
  const Who extends Permission,
  Query extends z.ZodType = typeof NoQuery,
  Body extends z.ZodType = z.ZodUndefined,
  Returns extends z.ZodType = z.ZodType,
  const Verb extends Method = Method,
>(
  declared: Declared<Operation<Path, Who, Query, Body, Returns, Verb>, Defaults>,
): Operation<Path, Who, Query, Body, Returns, Verb> {
  if (!declared.permission) throw new Error(`${declared.method} ${declared.path} declares no permission`)
  return {
    ofOthers: undefined,
    body: undefined,
    bodyOptional: false,
    status: 200,
    errors: {},
    hideUnknown: false,
    isCounted: true,
    isCompressed: declared.method === 'GET' && !['public', 'anybody', 'session'].includes(declared.permission),
    freshSignIn: undefined,
    location: undefined,
    maxBody: declared.permission === 'public' || declared.permission === 'anybody' ? 64 * 1024 : 1024 * 1024,
    rawBody: undefined,
    takesYaml: false,
    stream: false,
    lines: undefined,
    statusOf: undefined,
    ...declared,
    returns: asAnswered(declared.returns),
    query: (declared.query ?? NoQuery) as Query,
  }
}

/** The names in braces of a path: `PathParams<'/orgs/{orgId}'>` = `'orgId'`. */
export type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParams<Rest>
  : never
