import { z } from 'zod'
import { type Declared, type Defaults, type Operation, operation } from '../operation.ts'
import type { ProjectAction } from '../access/permissions.ts'

/**
 * Who may call (reference v1, 1): a user with a bearer token, a project with its token, or either. `agent` also admits the
 * registered agent or core instance itself.
 */
export type Credential = 'user' | 'project' | 'either' | 'agent'

/** The permission needed in the project that the URL or the token names; `authenticated` where there is no project. */
export type V1Permission = ProjectAction | 'authenticated'

/** One operation of the v1 API: one of the Org API, with what this dialect adds. */
export type V1Operation<
  Path extends string = string,
  Who extends V1Permission = V1Permission,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Returns extends z.ZodType = z.ZodType,
> = Operation<Path, Who, Query, Body, Returns> & {
  credential: Credential
  /** The error for an invalid field, by field name (reference v1, 5). A refinement with `isWholeError` has its own. */
  invalid: Record<string, string>
  /** The query names the project as `project_id`; without it, it is the token's. */
  projectInQuery?: true
  /** An unknown id gives `permission denied` here, not `… not found` (reference v1, 7). */
  deniesUnknown?: true
}

/** Unknown parameters are ignored, because clients may be older or newer than this server. */
export const NoV1Query = z.object({})

/** Declares an operation. Without `returns` it answers 204. */
export function v1Operation<
  const Path extends string,
  const Who extends V1Permission,
  Query extends z.ZodType = typeof NoV1Query,
  Body extends z.ZodType = z.ZodUndefined,
  Returns extends z.ZodType = z.ZodUndefined,
>(
  declared: Declared<V1Operation<Path, Who, Query, Body, Returns>, Defaults | 'returns' | 'invalid'>,
): V1Operation<Path, Who, Query, Body, Returns> {
  const whole = operation<Path, Who, Query, Body, Returns>({
    status: declared.returns ? 200 : 204,
    ...declared,
    query: (declared.query ?? NoV1Query) as Query,
    returns: (declared.returns ?? z.undefined()) as unknown as Returns,
  })
  return { invalid: {}, ...declared, ...whole }
}
