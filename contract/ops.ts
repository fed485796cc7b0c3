import { z } from 'zod'
import { operation } from './operation.ts'

const Ok = z.object({ ok: z.literal(true) })

export const opsOperations = {
  health: operation({
    method: 'GET',
    path: '/healthz',
    tag: 'Operations',
    summary: 'Is the process alive?',
    permission: 'public',
    isCounted: false,
    returns: Ok,
  }),
  ready: operation({
    method: 'GET',
    path: '/readyz',
    tag: 'Operations',
    summary: 'Can it serve?',
    permission: 'public',
    isCounted: false,
    returns: Ok,
    errors: { 503: 'draining, or the database is away' },
  }),
  openapi: operation({
    method: 'GET',
    path: '/openapi.json',
    tag: 'Operations',
    summary: 'This document',
    permission: 'public',
    returns: z.looseObject({}),
  }),
  v1Openapi: operation({
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'Operations',
    summary: 'The document of the v1 API',
    permission: 'public',
    returns: z.looseObject({}),
  }),
}
