import { expect } from 'vitest'
import { operations } from '#contract/operations'
import { type Stage, createCast } from '../world/cast.ts'
import type { Answer } from './client.ts'
import { digest } from './digest.ts'
import { type Example, examplesOf, nameOf, requestOf } from './examples.ts'
import { startLane } from './lane.ts'
import { refusalOf } from './refusal.ts'

/** Every operation that answers programs, for a test of each. Those for browsers redirect even on mistakes. */
export const all = operations.filter(({ status }) => status !== 303).map((operation) => ({ name: nameOf(operation), operation }))

type Case = { why: string; send: () => Promise<Answer>; expected: string | RegExp }
type Furnished = { stage: Stage; examples: Record<string, Example> }

/** A lane with two furnished projects, `alpha` and `beta`, for invalid requests. */
export async function openWrongs() {
  const lane = await startLane()
  const cast = await createCast(lane.db)
  const alpha = await furnished('alpha')
  const beta = await furnished('beta')
  let before = await digest(lane.db)

  async function furnished(slug: string): Promise<Furnished> {
    const stage = await cast.project(slug)
    return { stage, examples: await examplesOf(lane.send, cast, stage) }
  }

  /** The valid call of this operation, made invalid by `change`. */
  function wrongly(
    name: string,
    change: { params?: Record<string, string>; as?: Example['as']; after?: string } & Parameters<typeof lane.send>[2] = {},
  ) {
    const { as, params, body } = alpha.examples[name]!
    const { after = '', ...sent } = change
    const given = 'json' in sent || 'raw' in sent ? sent : { json: body, ...sent }
    return lane.send('as' in change ? change.as! : as, requestOf(name, { ...params, ...change.params }) + after, given)
  }

  /**
   * Sends each case and answers those that were not refused as expected. Fails when a refusal is malformed or anything was
   * changed.
   */
  async function surprises(cases: Case[]): Promise<Record<string, string>> {
    const surprising: Record<string, string> = {}
    for (const { why, send, expected } of cases) {
      const refusal = refusalOf(await send())
      if (typeof expected === 'string' ? refusal !== expected : !expected.test(refusal)) surprising[why] = refusal
    }
    expect(await digest(lane.db)).toBe(before)
    return surprising
  }

  return {
    ...lane,
    cast,
    alpha,
    beta,
    wrongly,
    surprises,
    /** Call after a test has changed something on purpose. */
    async remember() {
      before = await digest(lane.db)
    },
  }
}

export type Wrongs = Awaited<ReturnType<typeof openWrongs>>
