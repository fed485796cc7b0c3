import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCast } from '#test/support/world/cast'
import { type Lane, startLane } from '#test/support/http/lane'
import { progress, report, scaleOf } from '#test/support/outcome'
import { steps } from './sequence-steps.ts'
import { type Model, type Real, look } from './sequence-world.ts'

const RUNS = scaleOf('sequences', 5)

let lane: Lane
let real: Real
beforeAll(async () => {
  process.env['BULKHEAD_RATE_LIMIT'] = '0'
  lane = await startLane()
  const { people, stranger } = await createCast(lane.db)
  let n = 0
  const unique = () => `sequence-${++n}`
  real = { send: lane.send, owner: people.orgOwner, people: [people.member, people.viewer, people.newcomer], stranger, unique }
})
afterAll(() => lane.stop())

test(
  'both dialects show exactly the expected data after any sequence of creating, changing, removing and restoring',
  { timeout: 0 },
  async () => {
    let run = 0
    const sequences = fc.commands(steps, { maxCommands: 60, size: 'max' })
    const property = fc.asyncProperty(sequences, async (commands) => {
      const model: Model = { projects: [] }
      progress(run++, RUNS, 'sequences')
      await fc.asyncModelRun(() => ({ model, real }), commands)
      for (const project of model.projects) await look(real, project)
    })
    const seed = process.env['PROVE_SEED']
    const details = await fc.check(property, { numRuns: RUNS, ...(seed && { seed: Number(seed) }) })
    const failures = details.failed ? [`${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}`] : []
    expect(report({ what: 'sequences through both dialects', tried: details.numRuns, failures })).toEqual([])
  },
)
