import { z } from 'zod'
import { operation } from './operation.ts'

const Ok = z.object({ ok: z.literal(true) })
const Health = Ok.extend({
  version: z.string().describe('The version of this server.'),
  postgres: z
    .object({ ok: z.boolean() })
    .describe('Whether the database answered when this process last checked, every few seconds. False while starting.'),
})

const Version = z.object({
  version: z.string().describe('The version of Bulkhead.'),
  node: z.string().describe('The version of Node that it runs on.'),
})

export const opsOperations = {
  health: operation({
    method: 'GET',
    path: '/healthz',
    tag: 'Operations',
    summary: 'Check that the process is alive',
    description: 'Always 200. It asks the database nothing, and says how the last check of it went.',
    permission: 'public',
    isCounted: false,
    returns: Health,
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
  version: operation({
    method: 'GET',
    path: '/version',
    tag: 'Operations',
    summary: 'The version of this server',
    description: 'Always 200, also while the database is unavailable.',
    permission: 'public',
    isCounted: false,
    returns: Version,
  }),
  openapi: operation({
    method: 'GET',
    path: '/openapi.json',
    tag: 'Operations',
    summary: 'This OpenAPI document',
    permission: 'public',
    isCompressed: true,
    returns: z.looseObject({}),
  }),
  v1Openapi: operation({
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'Operations',
    summary: 'The OpenAPI document of the v1 API',
    permission: 'public',
    isCompressed: true,
    returns: z.looseObject({}),
  }),
}
