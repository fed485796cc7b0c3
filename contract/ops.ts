import { z } from 'zod'
import { operation } from './operation.ts'

const Ok = z.object({ ok: z.literal(true) })

export const opsOperations = {
  health: operation({
    method: 'GET',
    path: '/healthz',
    tag: 'Operations',
    summary: 'Check that the process is alive',
    permission: 'public',
    isCounted: false,
    returns: Ok,
  }),
  ready: operation({
    method: 'GET',
    path: '/readyz',
    tag: 'Operations',
    summary: 'Check that the server is ready',
    permission: 'public',
    isCounted: false,
    returns: Ok,
    errors: { 503: 'The server is stopping, or the database is unavailable' },
  }),
  openapi: operation({
    method: 'GET',
    path: '/openapi.json',
    tag: 'Operations',
    summary: 'This OpenAPI document',
    permission: 'public',
    returns: z.looseObject({}),
  }),
  v1Openapi: operation({
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'Operations',
    summary: 'The OpenAPI document of the v1 API',
    permission: 'public',
    returns: z.looseObject({}),
  }),
}
