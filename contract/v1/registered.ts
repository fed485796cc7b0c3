import { z } from 'zod'
import { Id } from '../common.ts'
import { upTo } from '../limits/limits.ts'
import { composed, nameProblem } from '../text.ts'
import { NamedQuery, invalidPage } from './common.ts'

/** The names of agents and core instances: `format: hostname` (reference v1, 6). */
export const Hostname = z
  .string()
  .max(253)
  .regex(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/)

/** `1.8.6`, `v0.1.12`, `3.1.0-rc.1`. */
export const SoftwareVersion = z
  .string()
  .max(100)
  .regex(/^[vV]?\d+\.\d+(\.\d+)*([-+~][0-9a-zA-Z.+~-]+)?$/)

/** One word, so that `tags_query` can join several by AND and OR. */
export const Tag = z
  .string()
  .overwrite(composed)
  .regex(/^(?!(?:AND|OR)$)[^\s\p{Cc}]{1,100}$/u)
  .refine((tag) => nameProblem(tag) === undefined)
/** The limits in bytes keep all fields of a row together below `dataLimits.documentBytes`. */
export const Tags = upTo(16 * 1024, z.array(Tag).max(100))

/** Anything that it reports about where it runs. */
export const Metadata = upTo(8 * 1024, z.record(z.string(), z.json()))

/** '' means none: clients in languages without null send it. */
export const IdOrNone = z.union([Id, z.literal('')])

export const RegisteredQuery = NamedQuery.extend({
  tags_query: z
    .string()
    .max(1000)
    .optional()
    .describe('Only with these tags: `one AND two`, `one OR two`. AND takes precedence over OR.'),
  environment_id: IdOrNone.optional().describe('Only in this environment.'),
})
export type RegisteredQuery = z.infer<typeof RegisteredQuery>

export const invalidRegisteredPage = { ...invalidPage, tags_query: 'invalid tag', environment_id: 'invalid environment ID' }

/** The ids of a bulk delete, as a repeated parameter. A client sends 54 at a time. */
export const Ids = z.array(Id).max(1000).default([])

/** The conflict of a path that names a row without its project. */
export const ambiguousId = 'several of your projects contain this ID: send the token of the one that you mean'
