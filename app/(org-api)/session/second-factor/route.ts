import { sessionOperations } from '#contract/sessions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'
import { finishSignInInBrowser } from '#server/http/second-step'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(sessionOperations.secondStep, finishSignInInBrowser),
})
