import { sessionOperations } from '#contract/accounts/sessions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'
import { signInBrowser } from '#server/http/session/sign-in'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(sessionOperations.signIn, signInBrowser),
})
