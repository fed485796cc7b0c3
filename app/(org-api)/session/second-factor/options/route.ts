import { sessionOperations } from '#contract/accounts/sessions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'
import { startSecondStepInBrowser } from '#server/http/session/second-step'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(sessionOperations.startSecondStep, startSecondStepInBrowser),
})
