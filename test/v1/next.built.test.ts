import { describe } from 'vitest'
import { isApiBuilt } from '../../tools/build.mjs'
import { startNext } from '../support/http/next.ts'
import { describeV1Api } from '../support/v1/surface.ts'

describe.skipIf(!isApiBuilt())('after a build of the API for Next', () => {
  describeV1Api('Next', startNext)
})
