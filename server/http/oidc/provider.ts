import * as client from 'openid-client'
import { oidcProvider } from '#config/settings'
import { type Provider, oidcProblem } from '#domain/accounts/identities'
import { log } from '#server/log'
import { CLOCK_DIFFERENCE } from '../session/clock-difference.ts'

const TIMEOUT = 5
const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Settings = NonNullable<ReturnType<typeof oidcProvider>>

/** The sign-in provider of this server. */
export const provider = (): Provider | undefined => oidcProvider()

export type Discovered = Settings & { configuration: client.Configuration }

let known: { key: string; at: number; discovered: Promise<Discovered> } | undefined

/**
 * The provider with its discovery document, fetched once an hour. A failed first fetch is retried at the next sign-in, a failed
 * refresh after a minute.
 */
export async function discoveredProvider(): Promise<Discovered> {
  const settings = oidcProvider()
  if (!settings) throw oidcProblem('oidc_not_configured')
  const key = JSON.stringify(settings)
  if (known?.key === key && Date.now() - known.at < HOUR) return known.discovered
  const before = known?.key === key ? known.discovered : undefined
  const discovered = discover(settings).catch(async (error: unknown) => {
    known = before && { key, at: Date.now() - HOUR + MINUTE, discovered: before }
    if (before) return before
    throw error
  })
  known = { key, at: Date.now(), discovered }
  return discovered
}

async function discover(settings: Settings): Promise<Discovered> {
  const issuer = new URL(settings.issuer)
  const execute = [client.enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [])]
  const metadata = { [client.clockTolerance]: CLOCK_DIFFERENCE }
  const options = { execute, timeout: TIMEOUT }
  try {
    const configuration = await client.discovery(issuer, settings.clientId, metadata, authenticationOf(settings), options)
    return { ...settings, issuer: configuration.serverMetadata().issuer, configuration }
  } catch (error) {
    log.warn({ err: error, issuer: settings.issuer }, 'the sign-in provider was not discovered')
    throw oidcProblem(isUnreachable(error) ? 'oidc_unreachable' : 'oidc_provider_invalid')
  }
}

/** Sends the client secret in the header, unless the provider accepts it only in the body. */
function authenticationOf({ secret }: Settings): client.ClientAuth {
  if (!secret) return client.None()
  return (server, ...rest) => {
    const takes = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const way = takes.includes('client_secret_basic') ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret)
    return way(server, ...rest)
  }
}

/** No answer, or one of a proxy in between: the provider is unreachable. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof TypeError) return error.message === 'fetch failed'
  if (!(error instanceof client.ClientError)) return false
  if (error.code === 'OAUTH_TIMEOUT') return true
  // No `instanceof`: the API's server has a Response class of its own.
  return error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && (error.cause as Partial<Response>).status! >= 500
}
