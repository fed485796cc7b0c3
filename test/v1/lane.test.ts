import { startLane } from '../lane.ts'
import { describeV1Api } from './surface.ts'

describeV1Api('the API lane', () => startLane())
