import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { oidcMemory } from './oidc-memory.ts'

export const client = { id: 'bulkhead', secret: 'the secret of the tests, which both sides know' }

/** An account at the provider, keyed by the address typed at login. Verified unless it says otherwise. */
type Account = { email: string; emailVerified: boolean; name: string }
const accountOf = (subject: string): Account => ({
  email: subject,
  emailVerified: !subject.startsWith('unverified'),
  name: subject.split('@')[0]!,
})

const page = (body: string) =>
  `<!doctype html><html lang="en"><title>Acme login</title><main><h1>Acme login</h1>${body}</main></html>`
const loginPage = page(
  `<form method="post"><label>Account <input name="account" autofocus></label><button>Continue</button></form>
   <form method="post"><input type="hidden" name="cancel" value="yes"><button>Cancel</button></form>`,
)

/** A real OpenID provider with its own login page, on a free port of this machine. */
export async function startOidcProvider() {
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const accounts = new Map<string, Account>()
  let provider: Provider | undefined

  /** Registers its only client, once the client's origin is known. */
  function allow(origin: string) {
    provider = new Provider(issuer, {
      adapter: oidcMemory(),
      clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [`${origin}/session/oidc/callback`] }],
      jwks: { keys: [jwk] },
      cookies: { keys: ['a key of the tests'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/login/${uid}` },
      ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
      async findAccount(_, subject) {
        const { email, emailVerified, name } = accounts.get(subject) ?? accountOf(subject)
        return { accountId: subject, claims: async () => ({ sub: subject, email, email_verified: emailVerified, name }) }
      },
      // Signing in implies consent.
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
        grant.addOIDCScope('openid email profile')
        await grant.save()
        return grant
      },
    })
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    if (!provider) return response.writeHead(503).end()
    if (!request.url?.startsWith('/login/')) return void provider.callback()(request, response)
    if (request.method !== 'POST') return response.setHeader('content-type', 'text/html').end(loginPage)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const typed = new URLSearchParams(Buffer.concat(chunks).toString())
    const denied = { error: 'access_denied', error_description: 'End-User aborted interaction' }
    const result = typed.has('cancel') ? denied : { login: { accountId: typed.get('account')! } }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }

  return {
    issuer,
    accounts,
    allow,
    /** The exchange of the code refuses any secret but the client's own. */
    settings: {
      BULKHEAD_OIDC_ISSUER: issuer,
      BULKHEAD_OIDC_CLIENT_ID: client.id,
      BULKHEAD_OIDC_CLIENT_SECRET: client.secret,
      BULKHEAD_OIDC_NAME: 'Acme login',
    },
    stop() {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
