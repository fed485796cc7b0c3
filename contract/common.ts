import { z } from 'zod'
import './issues.ts'
import { upTo } from './limits/limits.ts'
import { composed, isDots, nameProblem, passwordTextProblem, preparedPassword } from './text.ts'
import { roles } from './words.ts'

/** `owner > admin > member > viewer`, in an organization and in a project (seed: member `role`). */
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** Limits a membership or a token in addition to its role; an empty list means all four verbs. */
export const VerbGrant = z.enum(['create:*', 'read:*', 'update:*', 'delete:*'])
export type VerbGrant = z.infer<typeof VerbGrant>

/** A UUIDv7. */
export const Id = z.uuid()

/** RFC 3339, UTC, microseconds: `2026-11-21T20:04:46.123456Z`. */
export const Time = z.iso.datetime({ precision: 6 }).meta({ examples: ['2026-11-21T20:04:46.123456Z'] })

/** Postgres accepts neither the year 0000 nor an offset of sixteen hours. */
const isRealMoment = (text: string) =>
  Date.parse(text) >= 0 && Date.parse(text) < Date.UTC(9999, 0) && !/[+-](1[6-9]|2\d):\d\d$/.test(text)

/** A time from the caller: RFC 3339 with any offset and up to six digits of a second. */
export const Moment = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time such as 2027-01-31T00:00:00Z' })
  .refine(isRealMoment, 'must be a time between the years 1970 and 9999')

/** The end of something that begins now. */
export const Later = Moment.refine((time) => !(Date.parse(time) <= Date.now()), 'must be in the future')

const looksLikeUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Lower-case letters, digits and hyphens, 1–48 characters; never in the form of a UUID, because a URL takes an id or a slug. */
export const Slug = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/,
    'must be 1–48 lowercase letters, digits and hyphens, and must not begin or end with a hyphen',
  )
  .refine((slug) => !looksLikeUuid.test(slug), 'must not look like a UUID')

/** Adds what a text breaks to the problems of its shape. */
const holding =
  (problemOf: (text: string) => string | undefined): z.core.CheckFn<string> =>
  ({ value, issues }) => {
    const message = problemOf(value)
    if (message !== undefined) issues.push({ code: 'custom', message, input: value })
  }

const line = (most: number) =>
  z
    .string()
    .overwrite(composed)
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters')
    .check(holding(nameProblem))

/** 1–100 characters after trimming, in NFC, with something visible in them. */
export const Name = line(100)

/** Why somebody does something: one line, which is mailed and shown as it is. */
export const Reason = line(500)

/** The body of what may be given a reason. */
export const WithReason = z.strictObject({
  reason: Reason.nullish().describe('Why. Kept in the audit event, and told to everybody who is notified.'),
})
export type WithReason = z.infer<typeof WithReason>

/** The body of what cannot be undone. */
export const Confirm = z.strictObject({ confirm: z.string().max(100).optional().describe('The project’s slug.') })
export type Confirm = z.infer<typeof Confirm>

/** ASVS 5: a minimum length and no composition rules. RFC 8265: the same text is the same password, however it is typed. */
export const Password = z.string().overwrite(preparedPassword).min(12).max(128).check(holding(passwordTextProblem))

/** The most characters of a password to compare with a stored one: typed decomposed, it is longer. */
export const TYPED_PASSWORD_LENGTH = 512
export const TypedPassword = z.string().min(1).max(TYPED_PASSWORD_LENGTH)

export const EnvironmentName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?$/,
    'must be 1–31 lowercase letters, digits and hyphens, and must not begin or end with a hyphen',
  )

const WORDS = /^[^\p{Cc}\s/](?:[^\p{Cc}/]*[^\p{Cc}\s/])?$/u
const notWords = 'must not contain control characters or slashes, or begin or end with a space'

/** A name in the catalog or an entity's name: 1–100 characters in NFC, with something visible in them, not trimmed. */
export const CatalogName = z
  .string()
  .overwrite(composed)
  .min(1)
  .max(100)
  .regex(WORDS, notWords)
  .check(holding((name) => (isDots(name) ? 'must not be . or .., which no URL can contain' : nameProblem(name))))

/** Composes the keys of a record. Refuses two that are then one. */
function composeKeys({ value, issues }: z.core.ParsePayload<Record<string, unknown>>): void {
  for (const key of Object.keys(value)) {
    const name = composed(key)
    if (name === key) continue
    if (Object.hasOwn(value, name))
      issues.push({ code: 'custom', message: 'must be given only once', input: value, path: [name] })
    value[name] = value[key]
    delete value[key]
  }
}

const Key = z
  .string()
  .min(1)
  .max(100)
  .regex(WORDS, notWords)
  .check(holding((name) => nameProblem(composed(name))))

/** Values by name, as labels and metrics are. */
export const byName = <Value extends z.ZodType>(value: Value) => z.record(Key, value).check(composeKeys)

/** The same for a record of any keys. */
export const withComposedKeys = <Shape extends z.ZodType<Record<string, unknown>>>(shape: Shape): Shape =>
  shape.check(composeKeys)

/** A name to look for, in the form in which names are stored. */
export const SoughtName = z.string().overwrite(composed).max(100)

/** `null` means every cell, a list only these (at most 1,000 distinct), `[]` none. */
export const CellScopes = z
  .array(
    z
      .string()
      .overwrite(composed)
      .min(1)
      .max(100)
      .regex(/^\P{Cc}*$/u, 'must not contain control characters'),
  )
  .max(1000, 'must name at most 1,000 cells')
  .refine((cells) => new Set(cells).size === cells.length, 'must not name a cell twice')
  .nullable()

/** A number in the query: decimal digits, where `Number` would also take `0x10`, `1e2` and an empty text. */
export const inQuery = <Shape extends z.ZodType<number | undefined>>(shape: Shape) =>
  z.preprocess((text) => (typeof text === 'string' && /^-?\d+$/.test(text) ? Number(text) : text), shape)

/** `?limit=` 1–200, and the opaque `?cursor=` from the previous page's `Link`. */
export const PageQuery = z.strictObject({
  limit: inQuery(z.number().int().min(1).max(200).default(100)).describe('How many to list.'),
  cursor: z.string().max(500).optional().describe('From the URL of the next page in the header `Link`.'),
})
export type PageQuery = z.infer<typeof PageQuery>

/** A flag in the query: `true` or `false`. */
export const Flag = z.enum(['true', 'false']).transform((flag) => flag === 'true')

/** Whether the caller may do this here; if not, why. */
export const Ability = z.object({ allowed: z.boolean(), reason: z.string().nullable() })
export type Ability = z.infer<typeof Ability>

/** A JSON object of at most 64 KiB, or null. */
export const Metadata = upTo(65_536, z.record(z.string(), z.json())).nullable()
