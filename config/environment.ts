import { z } from 'zod'
import { AllowedAddresses } from '#contract/tokens/tokens'
import { LARGEST_QUOTA } from '#contract/limits/usage'
import {
  DEFAULT_POOL,
  DEFAULT_SLOW_STATEMENT,
  SMALLEST_POOL,
  defaultInvitationsPerHour,
  defaultQuotas,
  defaultRateLimit,
} from './defaults.ts'
import { fileOf, givenText, secretSettings } from './secret-files.ts'
import { StartError } from './start-error.ts'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const wholeNumber = (from: number, to: number) => {
  const sentence = `must be a whole number from ${from} to ${to}`
  return z.string().regex(/^\d+$/, sentence).transform(Number).pipe(z.number().min(from, sentence).max(to, sentence))
}

const postgresUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user:password@host:5432/name' })
  .optional()

const listed = (text: string) => text.split(',').map((one) => one.trim())

/** Plain http is safe only on this machine, where nobody is in between. */
function isSafeIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return true
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

export const Environment = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: postgresUrl,
  DATABASE_DIRECT_URL: postgresUrl,
  BULKHEAD_DATABASE_PASSWORD_FILE: z.string().optional(),
  BULKHEAD_DATA_DIR: z.string().default('.data'),
  BULKHEAD_SECRET: z.string().min(32, 'must have at least 32 characters; `openssl rand -hex 32` prints one').optional(),
  BULKHEAD_PREVIOUS_SECRETS: z
    .string()
    .transform((list) => list.split(','))
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= 32),
      'must be secrets of at least 32 characters each, separated by commas',
    )
    .default([]),
  BULKHEAD_URL: z
    .url({ protocol: /^https?$/, error: 'must be the console’s public URL, such as https://bulkhead.example.com' })
    .refine((url) => URL.canParse(url) && new URL(url).pathname === '/', 'must not have a path')
    .transform((url) => new URL(url).origin)
    .optional(),
  BULKHEAD_TRUSTED_PROXIES: z
    .string()
    .transform(listed)
    .refine(
      (list) => AllowedAddresses.safeParse(list).success,
      'must be IP addresses or networks separated by commas, such as 127.0.0.1,10.0.0.0/8',
    )
    .default([]),
  BULKHEAD_ADMIN_EMAIL: z
    .string()
    .regex(/^\S+@\S+$/, 'must be an email address')
    .optional(),
  BULKHEAD_ADMIN_PASSWORD: z.string().optional(),
  BULKHEAD_ORG: z.string().optional(),
  BULKHEAD_NUKE_RETENTION_HOURS: wholeNumber(0, 87_600).default(72),
  BULKHEAD_JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be the URL of the issuer’s JSON Web Key Set' }).optional(),
  BULKHEAD_JWT_ISSUER: z.string().optional(),
  BULKHEAD_JWT_AUDIENCE: z.string().optional(),
  BULKHEAD_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be the sign-in provider’s URL, such as https://login.example.com' })
    .refine(isSafeIssuer, 'must start with https://, unless the provider runs on this machine')
    .optional(),
  BULKHEAD_OIDC_CLIENT_ID: z.string().optional(),
  BULKHEAD_OIDC_CLIENT_SECRET: z.string().optional(),
  BULKHEAD_OIDC_NAME: z.string().max(40, 'must have at most 40 characters').optional(),
  BULKHEAD_OIDC_SCOPES: z
    .string()
    .refine((list) => list.split(' ').includes('openid'), 'must be scopes separated by spaces, including openid')
    .default('openid email profile'),
  BULKHEAD_EMAIL_CLAIM: z
    .string()
    .regex(/^\S{1,200}$/, 'must be the name of one claim, such as email or upn')
    .default('email'),
  BULKHEAD_TRUSTED_EMAIL_ISSUERS: z
    .string()
    .transform(listed)
    .refine(
      (issuers) => issuers.every((issuer) => /^\S+$/.test(issuer)),
      'must be issuer URLs separated by commas, exactly as in their tokens, such as https://login.example.com',
    )
    .default([]),
  BULKHEAD_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@host:587' }).optional(),
  BULKHEAD_MAIL_FROM: z.string().default('Bulkhead <no-reply@localhost>'),
  BULKHEAD_WEBHOOK_ALLOWED_HOSTS: z
    .string()
    .transform((text) => listed(text.toLowerCase()))
    .refine(
      (hosts) => hosts.every((host) => /^([^\s/@:[\]]+|\[[\da-f:]+\])(:\d{1,5})?$/.test(host)),
      'must be hosts separated by commas, such as collector.internal or 127.0.0.1:8088',
    )
    .default([]),
  BULKHEAD_REDIRECT_ORIGINS: z
    .string()
    .transform(listed)
    .refine(
      (origins) => origins.every((origin) => /^https?:\/\//.test(origin) && URL.canParse(origin)),
      'must be origins separated by commas, such as https://core.example.com',
    )
    .default([]),
  BULKHEAD_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  BULKHEAD_SLOW_STATEMENT_MS: wholeNumber(0, 3_600_000).default(DEFAULT_SLOW_STATEMENT),
  BULKHEAD_METRICS_PORT: wholeNumber(0, 65_535).optional(),
  BULKHEAD_METRICS_HOST: z.string().default('127.0.0.1'),
  BULKHEAD_DATABASE_POOL: wholeNumber(SMALLEST_POOL, 1000).default(DEFAULT_POOL),
  WEB_CONCURRENCY: z
    .string()
    .regex(/^(auto|[1-9]|[1-5]\d|6[0-4])$/, 'must be a whole number from 1 to 64, or auto')
    .transform((text): number | 'auto' => (text === 'auto' ? text : Number(text)))
    .default(1),
  BULKHEAD_RATE_LIMIT: wholeNumber(0, 1_000_000_000).default(defaultRateLimit),
  BULKHEAD_QUOTA_PROJECTS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.projects),
  BULKHEAD_QUOTA_MEMBERS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.members),
  BULKHEAD_QUOTA_TOKENS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.tokens),
  BULKHEAD_QUOTA_ROWS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.rows),
  BULKHEAD_INVITATIONS_PER_HOUR: wholeNumber(0, 1_000_000).default(defaultInvitationsPerHour),
  // Of commands that work on any server through its API. Their values may be wrong for that command alone.
  BULKHEAD_SERVER: z.string().optional(),
  BULKHEAD_TOKEN: z.string().optional(),
})

/** Read by the tests. */
const settingsOfTools = ['BULKHEAD_CHROMIUM']

export const knownSettings = [...Object.keys(Environment.shape), ...secretSettings.map(fileOf), ...settingsOfTools]

/** Every setting, parsed. */
export type Settings = z.output<typeof Environment>

/** The sentence for a value that breaks its rule. */
export const refusal = ({ issues: [issue] }: z.ZodError, name = issue?.path.join('.')) =>
  new StartError(`The setting ${name} ${issue?.message}.`)

const parsed = new Map<string, { text: string | undefined; value: unknown }>()

/**
 * One setting of this process. Its variable is parsed when it is first read, and again only when it has changed. Here, because
 * Next bundles copies of this module, which share nothing but the environment.
 */
export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  // `PORT= npm start` means the same as no PORT.
  const text = givenText(process.env, name)
  const known = parsed.get(name)
  if (known && known.text === text) return known.value as Settings[Name]
  const { data: value, error } = Environment.shape[name].safeParse(text)
  if (error) throw refusal(error, name)
  parsed.set(name, { text, value })
  return value as Settings[Name]
}

/** Makes decisions known to what reads settings later: the jobs, the handlers, next-auth, and the copies that Next bundles. */
export const publish = (values: Record<string, string>) => void Object.assign(process.env, values)

/** Decides settings that the environment leaves open. */
export const fallBackTo = (values: Record<string, string>) =>
  publish(Object.fromEntries(Object.entries(values).filter(([name]) => !process.env[name])))

/** The environment of a process that this one starts, or one to read settings from. */
export const environmentWith = (values: Record<string, string>): NodeJS.ProcessEnv => ({ ...process.env, ...values })
