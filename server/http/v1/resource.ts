import { resource, type HttpMethod } from '../resource.ts'
import type { Handler } from '../pipeline.ts'
import { v1Failed } from './errors.ts'

/** What one URL of the v1 API serves: as in the Org API, with this dialect's refusals. */
export const v1Resource = (
  endpoints: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>,
): Record<HttpMethod, Handler> => resource(endpoints, v1Failed)
