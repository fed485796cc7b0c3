import { z } from 'zod'
import type { Method } from '../operation.ts'
import type { ProjectAction } from '../access/permissions.ts'

/**
 * Who may call (reference v1, 1): a user with a bearer token, a project with its token, or either. `agent` also admits the
 * registered agent or core instance itself.
 */
export type Credential = 'user' | 'project' | 'either' | 'agent'

/** One operation of the v1 API, declared once like the operations of `contract/operation.ts` for the Org API. */
export type V1Operation<
  Path extends string = string,
  Can extends ProjectAction | null = ProjectAction | null,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Returns extends z.ZodType = z.ZodType,
> = {
  method: Method
  path: Path
  tag: string
  summary: string
  description?: string
  credential: Credential
  /** The permission needed in the project that the URL or the token names; null where there is no project. */
  permission: Can
  query: Query
  /** `undefined` where the operation takes no body. */
  body: Body | undefined
  /** `undefined` where it answers 204. */
  returns: Returns | undefined
  status: 200 | 201 | 204
  /** The error for an invalid field, by field name (reference v1, 5). A refinement's own message takes precedence. */
  invalid: Record<string, string>
  /** An unknown id gives `permission denied` here, not `… not found` (reference v1, 7). */
  deniesUnknown?: true
  /** The errors of this operation besides 401, 403, 404 and 422. */
  errors: Partial<Record<number, string>>
  maxBody: number
  /** The media type of a body that the server does not interpret: read up to `maxBody`, then dropped. */
  rawBody?: string
}

type Defaults = 'query' | 'body' | 'returns' | 'status' | 'invalid' | 'errors' | 'maxBody'

/** Unknown parameters are ignored, because clients may be older or newer than this server. */
export const NoV1Query = z.object({})

/** Declares an operation. Without `returns` it answers 204. */
export function v1Operation<
  const Path extends string,
  const Can extends ProjectAction | null,
  Query extends z.ZodType = typeof NoV1Query,
  Body extends z.ZodType = z.ZodUndefined,
  Returns extends z.ZodType = z.ZodUndefined,
>(
  declared: Omit<V1Operation<Path, Can, Query, Body, Returns>, Defaults> &
    Partial<Pick<V1Operation<Path, Can, Query, Body, Returns>, Defaults>>,
): V1Operation<Path, Can, Query, Body, Returns> {
  return {
    body: undefined,
    returns: undefined,
    status: declared.returns ? 200 : 204,
    invalid: {},
    errors: {},
    maxBody: 1024 * 1024,
    ...declared,
    query: (declared.query ?? NoV1Query) as Query,
  }
}
