import { startLane } from '../support/http/lane.ts'
import { describeV1Api } from '../support/v1/surface.ts'

describeV1Api('the API lane', () => startLane())
