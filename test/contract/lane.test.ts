import { startLane } from '../support/http/lane.ts'
import { describePublishedApi } from './published.ts'

describePublishedApi('the API lane', () => startLane())
