import { startLane } from '../lane.ts'
import { describePublishedApi } from './published.ts'

describePublishedApi('the API lane', () => startLane())
