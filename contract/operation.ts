import { z } from 'zod'
import type { Action } from './access/permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call: nobody proven, anybody whether proven or not, anybody proven, a person in the browser, or an actor with this permission where
 * the URL points.
 */
export type Permission = 'public' | 'anybody' | 'authenticated' | 'session' | Action

/**
 * One operation of an API, said once: the route handler, the OpenAPI document, the console's client and the tests all read it here.
 * Paths are spelled as in the seed: `/orgs/{orgId}/projects`.
 */
export type Operation<
  Path extends string = string,
  Who extends Permission = Permission,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Returns extends z.ZodType = z.ZodType,
> = {
  method: Method
  path: Path
  tag: string
  summary: string
  description?: string
  permission: Who
  /** What it takes when it is about somebody else: leaving is for everybody, removing is not. */
  ofOthers: Action | undefined
  query: Query
  /** `undefined` where the operation takes no body. */
  body: Body | undefined
  /** The body may be left out altogether. */
  bodyOptional: boolean
  returns: Returns
  /** 303 = for a browser, which is sent on to the answer's `location`, also by a refusal. */
  status: 200 | 201 | 202 | 204 | 303
  /** The statuses ≥ 400 that belong to this operation, beside 400, 401, 403, 404, 405, 413, 415 and 429, which any may answer. */
  errors: Partial<Record<number, string>>
  /** The limit of the body, in bytes: 64 KiB for what needs no credential, else 1 MiB, unless said otherwise. */
  maxBody: number
  /** The body may also be YAML: one document, or a stream of `items`. */
  takesYaml: boolean
  /** NDJSON, line by line: the answer of a GET, the body of a POST. */
  stream: boolean
  /** What it answers line by line to `Accept: application/x-ndjson`, while it is still under way. */
  lines: z.ZodType | undefined
  /** Where the status depends on the outcome (apply: 200 or 207). */
  statusOf: ((output: unknown) => number) | undefined
  /** The field of the answer that ends the new resource's URL, for `Location`. */
  location: string | undefined
  /** Answer 403 instead of 404 for an organisation or project that the actor may not know of (seed: nuke). */
  hideUnknown: boolean
  /** Its calls count towards the caller's limit. */
  isCounted: boolean
  /**
   * From a browser it takes a sign-in no older than ten minutes (`domain/access/fresh-sign-in.ts`): always, or when, in words. Else 403
   * `reauthentication_required`.
   */
  freshSignIn: string | undefined
}

/** No query parameters; an unknown one is refused. */
export const NoQuery = z.strictObject({})

type Defaults =
  | 'ofOthers'
  | 'query'
  | 'body'
  | 'bodyOptional'
  | 'status'
  | 'errors'
  | 'hideUnknown'
  | 'isCounted'
  | 'freshSignIn'
  | 'location'
  | 'maxBody'
  | 'takesYaml'
  | 'stream'
  | 'lines'
  | 'statusOf'

/** Declares an operation. Without `query` it takes none, without `body` it takes none. Throws when no permission is declared. */
export function operation<
  const Path extends string,
  const Who extends Permission,
  Query extends z.ZodType = typeof NoQuery,
  Body extends z.ZodType = z.ZodUndefined,
  Returns extends z.ZodType = z.ZodType,
>(
  declared: Omit<Operation<Path, Who, Query, Body, Returns>, Defaults> &
    Partial<Pick<Operation<Path, Who, Query, Body, Returns>, Defaults>>,
): Operation<Path, Who, Query, Body, Returns> {
  if (!declared.permission) throw new Error(`${declared.method} ${declared.path} declares no permission`)
  return {
    ofOthers: undefined,
    body: undefined,
    bodyOptional: false,
    status: 200,
    errors: {},
    hideUnknown: false,
    isCounted: true,
    freshSignIn: undefined,
    location: undefined,
    maxBody: declared.permission === 'public' || declared.permission === 'anybody' ? 64 * 1024 : 1024 * 1024,
    takesYaml: false,
    stream: false,
    lines: undefined,
    statusOf: undefined,
    ...declared,
    query: (declared.query ?? NoQuery) as Query,
  }
}

/** The names in braces of a path: `PathParams<'/orgs/{orgId}'>` = `'orgId'`. */
export type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParams<Rest>
  : never
