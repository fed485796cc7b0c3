/** What can go wrong at the sign-in provider, with the sentence a person reads. The browser carries only the code back. */
export const oidcProblems = {
  oidc_not_configured: 'This server has no sign-in provider. Sign in with your password',
  oidc_unreachable: 'The sign-in provider does not respond. Try again in a moment, or sign in with your password',
  oidc_provider_invalid:
    'The sign-in provider is misconfigured. Ask the operator of this server to look up the reason in its log',
  oidc_provider_error:
    'The sign-in provider could not sign you in. Ask the operator of this server to look up the reason in its log',
  oidc_denied: 'The sign-in was canceled or refused at the provider. Start again',
  oidc_state_missing: 'The provider’s response does not say which sign-in it is for. Start again',
  oidc_state_mismatch: 'The provider’s response belongs to another sign-in than the one that this browser started. Start again',
  oidc_flow_lost: 'This browser did not start this sign-in, or started it more than ten minutes ago. Start again',
  oidc_replayed: 'The provider’s response was used already. Start again',
  oidc_code_refused: 'The provider no longer accepts the code that it issued. Start again',
  oidc_nonce_mismatch: 'The provider’s response was issued for another sign-in. Start again',
  oidc_audience_mismatch:
    'The provider’s response was issued for another application. Ask the operator of this server to check the client id',
  oidc_issuer_mismatch:
    'The response comes from another provider than the one that this server trusts. Ask the operator of this server to check the issuer',
  oidc_token_expired:
    'The provider’s response has expired. Start again. If that does not help, the clock of this server or of the provider is wrong',
  oidc_signature_invalid: 'The signature of the provider’s response is not valid. Start again',
  oidc_email_missing:
    'The provider did not send your email address, which is needed to find your account. Ask its administrator to release the email claim',
  oidc_email_unverified: 'The provider has not verified your email address. Verify it there, then sign in again',
  oidc_other_identity:
    'The account with your email address is linked to another identity at this provider. Sign in another way, then link this identity under Sign-in',
  oidc_unlinked: 'This identity was unlinked from your account. Sign in another way, then link it again under Sign-in',
  oidc_linked_elsewhere: 'This identity is linked to another account. Unlink it there first',
  oidc_other_subject:
    'The identity that you chose at the provider is not linked to this account. Start again and choose the one that is',
  oidc_not_reauthenticated:
    'The provider did not ask you to sign in again, so it’s not confirmed that it’s you. Use your password or a passkey',
  oidc_session_over: 'Your session has ended. Sign in again',
} as const

export type OidcProblem = keyof typeof oidcProblems

/** The sentence for a code that came in a URL. */
export function problemSentence(code: string): string {
  if (code in oidcProblems) return oidcProblems[code as OidcProblem]
  if (code === 'rate_limited') return 'Too many requests from your IP address. Try again in a minute'
  if (code === 'too_many_attempts') return 'Too many failed tries from your IP address. Try again in a few minutes'
  return 'Signing in failed. Try again in a moment'
}

/** A window that was sent to the provider reports the result on this broadcast channel to the browser's other windows. */
export const PROVEN_CHANNEL = 'bulkhead-proven-again'
