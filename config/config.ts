import { randomBytes } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { Environment, knownSettings, refusal } from './environment.ts'
import { keepFile } from './keep-file.ts'
import { projectRoot } from './project-root.ts'
import { assertOneEach, givenText, secretSettings } from './secret-files.ts'
import { StartError } from './start-error.ts'
import { refuseUnknownSettings } from './unknown-settings.ts'
import { workersFor } from './workers.ts'

export { projectRoot }

/** All settings of the environment, read once. */
export type Config = ReturnType<typeof readConfig>

/** Reads the settings. Throws a StartError whose sentence says what to change. The first start creates the secret. */
export function readConfig(environment: Record<string, string | undefined> = process.env) {
  // `PORT= npm start` means the same as no PORT.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  refuseUnknownSettings(given, knownSettings)
  assertOneEach(given)
  for (const name of secretSettings) {
    const text = givenText(given, name)
    if (text !== undefined) given[name] = text
  }
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw refusal(parsed.error)
  const env = parsed.data
  if (!env.BULKHEAD_ADMIN_EMAIL !== !env.BULKHEAD_ADMIN_PASSWORD) {
    throw new StartError('Set both BULKHEAD_ADMIN_EMAIL and BULKHEAD_ADMIN_PASSWORD, or neither.')
  }
  const { BULKHEAD_JWT_JWKS_URL: keys, BULKHEAD_JWT_ISSUER: issuer, BULKHEAD_JWT_AUDIENCE: audience } = env
  if (new Set([!keys, !issuer, !audience]).size > 1) {
    throw new StartError('Set all of BULKHEAD_JWT_JWKS_URL, BULKHEAD_JWT_ISSUER and BULKHEAD_JWT_AUDIENCE, or none of them.')
  }
  if (!env.BULKHEAD_OIDC_ISSUER !== !env.BULKHEAD_OIDC_CLIENT_ID) {
    throw new StartError('Set both BULKHEAD_OIDC_ISSUER and BULKHEAD_OIDC_CLIENT_ID, or neither.')
  }
  if (env.DATABASE_DIRECT_URL && !env.DATABASE_URL) {
    throw new StartError('Set DATABASE_URL too, or remove DATABASE_DIRECT_URL.')
  }
  // Several processes may share one database. With a generated secret each, they would refuse each other's sessions.
  if (env.DATABASE_URL && !env.BULKHEAD_SECRET) {
    throw new StartError('Set BULKHEAD_SECRET, which DATABASE_URL requires; `openssl rand -hex 32` prints one.')
  }
  const dataDir = isAbsolute(env.BULKHEAD_DATA_DIR) ? env.BULKHEAD_DATA_DIR : join(projectRoot, env.BULKHEAD_DATA_DIR)
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    databaseDirectUrl: env.DATABASE_DIRECT_URL,
    dataDir,
    secret: env.BULKHEAD_SECRET ?? keptSecret(dataDir),
    publicUrl: env.BULKHEAD_URL,
    trustedProxies: env.BULKHEAD_TRUSTED_PROXIES,
    admin:
      env.BULKHEAD_ADMIN_EMAIL && env.BULKHEAD_ADMIN_PASSWORD
        ? { email: env.BULKHEAD_ADMIN_EMAIL, password: env.BULKHEAD_ADMIN_PASSWORD, organization: env.BULKHEAD_ORG }
        : undefined,
    nukeRetentionHours: env.BULKHEAD_NUKE_RETENTION_HOURS,
    logLevel: env.BULKHEAD_LOG_LEVEL,
    slowStatement: env.BULKHEAD_SLOW_STATEMENT_MS,
    metrics:
      env.BULKHEAD_METRICS_PORT === undefined ? undefined : { port: env.BULKHEAD_METRICS_PORT, host: env.BULKHEAD_METRICS_HOST },
    databasePool: env.BULKHEAD_DATABASE_POOL,
    rateLimit: env.BULKHEAD_RATE_LIMIT,
    workers: workersFor(env.WEB_CONCURRENCY, env.BULKHEAD_DATABASE_POOL),
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
      `The secret in ${path} is missing, and the database beside it was encrypted with it. Restore the file, or set BULKHEAD_SECRET to the secret.`,
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
