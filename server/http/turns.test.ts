import { expect, test } from 'vitest'
import { type TurnLimits, createTurns } from './turns.ts'

const usual: TurnLimits = {
  places: 4,
  placesOfShare: 2,
  heavyPlaces: 2,
  heavyPlacesOfShare: 1,
  waiting: 10,
  waitingOfShare: 5,
  patience: 60_000,
}

/** Everybody who asks, in the order of service. */
function line(limits: Partial<TurnLimits> = {}) {
  const turns = createTurns({ ...usual, ...limits })
  const served: string[] = []
  const ask = (name: string, share: string, isHeavy = false) =>
    turns.take(share, isHeavy).then((isAdmitted) => void served.push(isAdmitted ? name : `not ${name}`))
  return { ...turns, served, ask }
}

const settle = () => new Promise<void>((resolve) => void setImmediate(resolve))

test('limits the places of a share, and allows fewer for heavy work', async () => {
  const { ask, served, release } = line()
  for (const [name, share, isHeavy] of [
    ['heavy 1', 'a', true],
    ['heavy 2', 'a', true],
    ['light', 'b', false],
    ['heavy 3', 'b', true],
    ['heavy 4', 'c', true],
  ] as const)
    void ask(name, share, isHeavy)
  await settle()
  expect(served).toEqual(['heavy 1', 'light', 'heavy 3'])
  release('b', true)
  await settle()
  expect(served.slice(3)).toEqual(['heavy 4'])
  release('a', true)
  await settle()
  expect(served.slice(4)).toEqual(['heavy 2'])
})

test('serves the share that was served longest ago first, and each share in order', async () => {
  const { ask, served, release } = line({ places: 1, placesOfShare: 1 })
  for (const [name, share] of [
    ['a1', 'a'],
    ['a2', 'a'],
    ['a3', 'a'],
    ['b1', 'b'],
  ] as const)
    void ask(name, share)
  for (const share of ['a', 'b', 'a', 'a']) {
    await settle()
    release(share)
  }
  await settle()
  expect(served).toEqual(['a1', 'b1', 'a2', 'a3'])
})

test('frees a place once, even when it is released twice', async () => {
  const { ask, served, release } = line({ places: 1 })
  await ask('a', 'a')
  release('a')
  release('a')
  void ask('b', 'b')
  void ask('c', 'c')
  await settle()
  expect(served).toEqual(['a', 'b'])
})

test('refuses callers that wait too long, or behind too many', async () => {
  const { ask, served } = line({ places: 1, patience: 1, waitingOfShare: 1 })
  await ask('a', 'a')
  await Promise.all([ask('b', 'a'), ask('c', 'a')])
  expect(served).toEqual(['a', 'not c', 'not b'])
})
