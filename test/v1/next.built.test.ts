import { describe } from 'vitest'
import { isBuilt } from '../../server/setup/build.mjs'
import { startNext } from '../next.ts'
import { describeV1Api } from './surface.ts'

describe.skipIf(!isBuilt())('after `next build`', () => {
  describeV1Api('Next', startNext)
})
