// The attackers' process, so that their CPU and memory do not affect the measuring process.
import { attacks } from './attacks.ts'
import type { Target } from './target.ts'
import { type Onslaught, newOnslaught } from './onslaught.ts'
import { type Tallied, type Tally, newTally } from './tally.ts'

export type Order = { names: string[]; target: Target; prepareOnly: boolean }
export type Tallies = Record<string, Tallied>

/** Every attack has an address of its own, so that limits used up by one do not shield the server from another. */
const addressOf = (name: string) => `127.0.1.${attacks.findIndex((attack) => attack.name === name) + 1}`

const running: { name: string; onslaught: Onslaught; tally: Tally }[] = []

async function begin({ names, target, prepareOnly }: Order) {
  for (const name of names) {
    const attack = attacks.find((one) => one.name === name)!
    const tally = newTally(attack)
    const onslaught = newOnslaught(target, tally, addressOf(name))
    if (prepareOnly) await attack.prepare?.(onslaught)
    else attack.start(onslaught)
    running.push({ name, onslaught, tally })
  }
  process.send!('ready')
}

function end() {
  for (const { onslaught } of running) onslaught.stop()
  const tallies: Tallies = Object.fromEntries(running.map(({ name, tally }) => [name, tally.total()]))
  process.send!(tallies, () => process.exit(0))
}

process.on('message', (message: Order | 'stop') => (message === 'stop' ? end() : void begin(message)))
process.on('disconnect', () => process.exit(0))
