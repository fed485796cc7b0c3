import { randomBytes } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { AllowedAddresses } from '#contract/tokens/tokens'
import { LARGEST_QUOTA } from '#contract/limits/usage'
import { DEFAULT_POOL } from '#db/client'
import { SMALLEST_POOL } from '#db/shares'
import { defaultInvitationsPerHour, defaultQuotas, defaultRateLimit } from '#config/settings'
import { keepFile } from './keep-file.ts'
import { projectRoot } from './project-root.ts'
import { StartError } from './start-error.ts'
import { refuseUnknownSettings } from './unknown-settings.ts'

export { projectRoot }

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const wholeNumber = (from: number, to: number) => {
  const sentence = `must be a whole number from ${from} to ${to}`
  return z.string().regex(/^\d+$/, sentence).transform(Number).pipe(z.number().min(from, sentence).max(to, sentence))
}

/** Plain http is safe only on this machine, where nobody is in between. */
function isSafeIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return true
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

const Environment = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user:password@host:5432/name' })
    .optional(),
  BULKHEAD_DATA_DIR: z.string().default('.data'),
  BULKHEAD_SECRET: z.string().min(32, 'must have at least 32 characters; `openssl rand -hex 32` makes one').optional(),
  BULKHEAD_PREVIOUS_SECRETS: z
    .string()
    .refine(
      (list) => list.split(',').every((secret) => secret.length >= 32),
      'must be comma-separated secrets of at least 32 characters each',
    )
    .optional(),
  BULKHEAD_URL: z
    .url({ protocol: /^https?$/, error: 'must be the public address of the console, like https://bulkhead.example.com' })
    .refine((url) => URL.canParse(url) && new URL(url).pathname === '/', 'must be an origin, without a path')
    .transform((url) => new URL(url).origin)
    .optional(),
  BULKHEAD_TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine(
      (list) => AllowedAddresses.safeParse(list).success,
      'must be comma-separated addresses or networks, such as 127.0.0.1,10.0.0.0/8',
    )
    .optional(),
  BULKHEAD_ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  BULKHEAD_ADMIN_PASSWORD: z.string().optional(),
  BULKHEAD_ORG: z.string().optional(),
  BULKHEAD_NUKE_RETENTION_HOURS: wholeNumber(0, 87_600).default(72),
  BULKHEAD_JWT_JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'must be the address of the issuer’s JSON Web Key Set' })
    .optional(),
  BULKHEAD_JWT_ISSUER: z.string().optional(),
  BULKHEAD_JWT_AUDIENCE: z.string().optional(),
  BULKHEAD_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be the address of the sign-in provider, like https://login.example.com' })
    .refine(isSafeIssuer, 'must begin with https://, unless the provider runs on this very machine')
    .optional(),
  BULKHEAD_OIDC_CLIENT_ID: z.string().optional(),
  BULKHEAD_OIDC_CLIENT_SECRET: z.string().optional(),
  BULKHEAD_OIDC_NAME: z.string().max(40, 'must have at most 40 characters').optional(),
  BULKHEAD_OIDC_SCOPES: z
    .string()
    .refine((list) => list.split(' ').includes('openid'), 'must be scopes with spaces between them, and openid among them')
    .optional(),
  BULKHEAD_EMAIL_CLAIM: z
    .string()
    .regex(/^\S{1,200}$/, 'must be the name of one claim, such as email or upn')
    .optional(),
  BULKHEAD_TRUSTED_EMAIL_ISSUERS: z
    .string()
    .refine(
      (list) => list.split(',').every((issuer) => /^\S+$/.test(issuer.trim())),
      'must be comma-separated issuers as they name themselves, such as https://login.example.com',
    )
    .optional(),
  BULKHEAD_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@host:587' }).optional(),
  BULKHEAD_MAIL_FROM: z.string().optional(),
  BULKHEAD_WEBHOOK_ALLOWED_HOSTS: z
    .string()
    .refine(
      (list) => list.split(',').every((host) => /^([^\s/@:[\]]+|\[[\da-f:]+\])(:\d{1,5})?$/i.test(host.trim())),
      'must be comma-separated hosts, such as collector.internal or 127.0.0.1:8088',
    )
    .optional(),
  BULKHEAD_REDIRECT_ORIGINS: z
    .string()
    .refine(
      (list) => list.split(',').every((origin) => /^https?:\/\//.test(origin.trim()) && URL.canParse(origin.trim())),
      'must be comma-separated origins like https://core.example.com',
    )
    .optional(),
  BULKHEAD_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  BULKHEAD_DATABASE_POOL: wholeNumber(SMALLEST_POOL, 1000).default(DEFAULT_POOL),
  BULKHEAD_RATE_LIMIT: wholeNumber(0, 1_000_000_000).default(defaultRateLimit),
  BULKHEAD_QUOTA_PROJECTS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.projects),
  BULKHEAD_QUOTA_MEMBERS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.members),
  BULKHEAD_QUOTA_TOKENS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.tokens),
  BULKHEAD_QUOTA_ROWS: wholeNumber(0, LARGEST_QUOTA).default(defaultQuotas.rows),
  BULKHEAD_INVITATIONS_PER_HOUR: wholeNumber(0, 1_000_000).default(defaultInvitationsPerHour),
})

/** Read by the tests and by commands that work on another server. */
const settingsOfTools = ['BULKHEAD_CHROMIUM', 'BULKHEAD_SERVER']

const knownSettings = [...Object.keys(Environment.shape), ...settingsOfTools]

/** All settings of the environment, read once. */
export type Config = ReturnType<typeof readConfig>

/** Reads the settings. Throws a StartError whose sentence says what to change. The first start creates the secret. */
export function readConfig(environment: Record<string, string | undefined> = process.env) {
  // `PORT= npm start` means the same as no PORT.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  refuseUnknownSettings(given, knownSettings)
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new StartError(`The setting ${issue?.path.join('.')} ${issue?.message}.`)
  }
  const env = parsed.data
  if (!env.BULKHEAD_ADMIN_EMAIL !== !env.BULKHEAD_ADMIN_PASSWORD) {
    throw new StartError('The settings BULKHEAD_ADMIN_EMAIL and BULKHEAD_ADMIN_PASSWORD must be given together, or neither.')
  }
  const { BULKHEAD_JWT_JWKS_URL: keys, BULKHEAD_JWT_ISSUER: issuer, BULKHEAD_JWT_AUDIENCE: audience } = env
  if (new Set([!keys, !issuer, !audience]).size > 1) {
    throw new StartError(
      'The settings BULKHEAD_JWT_JWKS_URL, BULKHEAD_JWT_ISSUER and BULKHEAD_JWT_AUDIENCE must be given together, or none of them.',
    )
  }
  if (!env.BULKHEAD_OIDC_ISSUER !== !env.BULKHEAD_OIDC_CLIENT_ID) {
    throw new StartError('The settings BULKHEAD_OIDC_ISSUER and BULKHEAD_OIDC_CLIENT_ID must be given together, or neither.')
  }
  // Several processes may share one database. With a generated secret each, they would refuse each other's sessions.
  if (env.DATABASE_URL && !env.BULKHEAD_SECRET) {
    throw new StartError('The setting BULKHEAD_SECRET is needed with DATABASE_URL; `openssl rand -hex 32` makes one.')
  }
  const dataDir = isAbsolute(env.BULKHEAD_DATA_DIR) ? env.BULKHEAD_DATA_DIR : join(projectRoot, env.BULKHEAD_DATA_DIR)
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    dataDir,
    secret: env.BULKHEAD_SECRET ?? keptSecret(dataDir),
    publicUrl: env.BULKHEAD_URL,
    trustedProxies: env.BULKHEAD_TRUSTED_PROXIES ?? [],
    admin:
      env.BULKHEAD_ADMIN_EMAIL && env.BULKHEAD_ADMIN_PASSWORD
        ? { email: env.BULKHEAD_ADMIN_EMAIL, password: env.BULKHEAD_ADMIN_PASSWORD, organisation: env.BULKHEAD_ORG }
        : undefined,
    oidcName: env.BULKHEAD_OIDC_ISSUER && (env.BULKHEAD_OIDC_NAME ?? new URL(env.BULKHEAD_OIDC_ISSUER).host),
    nukeRetentionHours: env.BULKHEAD_NUKE_RETENTION_HOURS,
    logLevel: env.BULKHEAD_LOG_LEVEL,
    databasePool: env.BULKHEAD_DATABASE_POOL,
    rateLimit: env.BULKHEAD_RATE_LIMIT,
  }
}

function isThere(path: string): boolean {
  try {
    return Boolean(lstatSync(path))
  } catch {
    return false
  }
}

/**
 * The stored secret, created before the database. An existing database was sealed with a secret, so a new one could not open it.
 */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'secret')
  // Counts a link even when its target is missing for now.
  const hasDatabase = isThere(join(dataDir, 'postgres'))
  return keepFile(path, () => {
    if (!hasDatabase) return randomBytes(32).toString('hex')
    throw new StartError(
      `The file ${path} is missing or empty, and the database beside it was sealed with it; restore that file, or set BULKHEAD_SECRET to what it held.`,
    )
  })
}

/** Listens on all addresses of the machine, so the host names none of them. */
export const isEverywhere = (host: string) => ['0.0.0.0', '::'].includes(host)

/** The public address: BULKHEAD_URL, else where this process listens. */
export function publicUrl(config: Pick<Config, 'publicUrl' | 'host'>, port: number) {
  if (config.publicUrl) return config.publicUrl
  const host = isEverywhere(config.host) ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host
  return `http://${host}:${port}`
}
