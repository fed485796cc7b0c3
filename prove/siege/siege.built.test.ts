import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isBuilt } from '../../tools/build.mjs'
import { progress, report, scaleOf } from '#test/support/outcome'
import type { Attack } from './attack.ts'
import { attacks } from './attacks.ts'
import { type Verdict, alone, besiege } from './besiege.ts'
import { keep } from './written.ts'
import { type Stage, openStage } from './stage.ts'

/** Seconds of each attack in the long form; 0 = the short one. */
const SECONDS = scaleOf('siege', 0)
/** Only attacks whose name contains one of these: `bombs|a line`. */
const ONLY = (process.env['SIEGE_ONLY'] ?? '').split('|')

const isChosen = ({ name }: Attack) => ONLY.some((part) => name.includes(part))

/** Attacks at once in the short form, so that all of them fit into every test run. */
const WAVE = 12

/** Neighbors in the list attack alike, so they are dealt out. */
function wavesOf(all: Attack[], size: number): Attack[][] {
  const waves = Math.ceil(all.length / size)
  return Array.from({ length: waves }, (_, i) => all.filter((_attack, at) => at % waves === i))
}

// The addresses that separate the neighbor from the attackers, 127.0.0.2 and so on, need no setup only on Linux.
const here = isBuilt() && process.platform === 'linux'

describe.skipIf(!here || SECONDS > 0)('a neighbor beside attackers, small', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ projects: 100, members: 400, rows: 3000, events: 2000 }, 2000)
  }, 0)
  afterAll(() => stage?.close(), 0)

  for (const wave of wavesOf(attacks.filter(isChosen), WAVE)) {
    const names = wave.map(({ name }) => name).join('; ')
    test(`no call of the neighbor fails beside ${names}`, { timeout: 0 }, async () => {
      const { failures } = await besiege(stage, wave, { baseline: 0, attack: 1500, much: false })
      if (failures.length > 0) await stage.restart()
      expect(failures).toEqual([])
    })
  }
})

describe.skipIf(!here || SECONDS === 0)('a neighbor beside attackers', () => {
  let stage: Stage
  let quiet: number
  const verdicts: Verdict[] = []
  beforeAll(async () => {
    stage = await openStage({ projects: 2000, members: 20_000, rows: 100_000, events: 20_000 }, 6000)
    quiet = await alone(stage, 8000)
  }, 0)
  afterAll(() => stage?.close(), 0)

  const all = attacks.filter(isChosen)
  for (const [i, attack] of all.entries()) {
    test(`${attack.name}: does not affect the neighbor`, { timeout: 0 }, async () => {
      progress(i, all.length, attack.name)
      const seconds = Math.max(SECONDS, attack.seconds ?? 0)
      const verdict = await besiege(stage, [attack], { baseline: 4000, attack: seconds * 1000, much: true }, quiet)
      verdicts.push(verdict)
      keep(verdicts)
      if (verdict.failures.length > 0) await stage.restart()
      const { tried, failures } = verdict
      expect(report({ what: 'siege: a neighbor’s calls beside attackers', tried, failures })).toEqual([])
    })
  }
})
