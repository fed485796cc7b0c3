import { describe } from 'vitest'
import { isBuilt } from '../../tools/build.mjs'
import { startNext } from '../support/http/next.ts'
import { describeV1Api } from '../support/v1/surface.ts'

describe.skipIf(!isBuilt())('after `next build`', () => {
  describeV1Api('Next', startNext)
})
