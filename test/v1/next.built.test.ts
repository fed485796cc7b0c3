import { describe } from 'vitest'
import { isBuilt } from '../../server/setup/build.mjs'
import { startNext } from '../next.ts'
import { describeV1Api } from './surface.ts'

if (isBuilt()) describeV1Api('Next', startNext)
else describe.todo('the v1 API through Next: there is no build of the present sources')
