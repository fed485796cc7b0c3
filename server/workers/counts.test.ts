import { afterEach, describe, expect, test } from 'vitest'
import { createLedger } from '../http/ledger.ts'
import { claim, settleAnswer, addHeldByOthers, heldByOthers, joinOthers, shareHeld } from './others.ts'
import { createCounts } from './counts.ts'
import type { Counted, FromParent, FromWorker } from './messages.ts'

type Received = Extract<FromParent, { kind: 'update' | 'known' }>

/** A worker that only listens. `received` waits for the next message. */
function listener() {
  const messages: Received[] = []
  let next = Promise.withResolvers<void>()
  return {
    send(message: FromParent) {
      messages.push(message as Received)
      next.resolve()
      next = Promise.withResolvers()
    },
    messages,
    received: () => next.promise,
  }
}

describe('calls', () => {
  test('that workers ask for are counted together', () => {
    const counts = createCounts(3)
    counts.join(1, () => {})
    counts.join(2, () => {})
    const lefts = [1, 2, 1, 2, 1].map((id) => {
      const { allowance } = counts.answer(id, { call: 'ada' }) as Counted
      return allowance.waits > 0 ? 'refused' : allowance.remaining
    })
    expect(lefts).toEqual([2, 1, 0, 'refused', 'refused'])
  })

  test('that one worker has counted are those of all, and the others learn of them', async () => {
    const counts = createCounts(10)
    const other = listener()
    counts.join(1, () => {})
    counts.join(2, other.send)
    counts.add(1, { calls: [['ada', 7]], held: [] })
    expect((counts.answer(1, { call: 'ada' }) as Counted).allowance.remaining).toBe(2)
    await other.received()
    expect(other.messages.at(-1)).toEqual({ kind: 'update', calls: [['ada', 8]], held: [] })
  })

  test('are in the answer to who asks, and not sent again', async () => {
    const counts = createCounts(10)
    const [asking, other] = [listener(), listener()]
    counts.join(1, asking.send)
    counts.join(2, other.send)
    counts.add(2, { calls: [['ada', 1]], held: [] })
    counts.answer(1, { call: 'ada' })
    await other.received()
    expect(asking.messages.filter(({ kind }) => kind === 'update')).toEqual([])
  })

  test('beyond the limit are never counted ahead', () => {
    const counts = createCounts(10)
    counts.join(1, () => {})
    counts.add(1, { calls: [['ada', 1_000_000]], held: [] })
    const { allowance, ahead } = counts.answer(1, { call: 'ada' }) as Counted
    expect(allowance.waits).toBe(6)
    expect(ahead).toBeLessThanOrEqual(60_000)
  })

  test('outlive the worker that has counted them, and a new one learns them', () => {
    const counts = createCounts(10)
    const next = listener()
    counts.join(1, () => {})
    counts.add(1, { calls: [['ada', 5]], held: [] })
    counts.leave(1)
    counts.join(2, next.send)
    const [known] = next.messages
    expect(known).toMatchObject({ kind: 'known', ahead: [['ada', expect.closeTo(30_000, -3)]] })
  })
})

describe('places', () => {
  test('are those of all workers, and free again when their worker dies', () => {
    const counts = createCounts(0)
    counts.join(1, () => {})
    counts.join(2, () => {})
    const take = (id: number, key = 'export ada') => counts.answer(id, { claim: key, most: 1 })
    expect([take(1), take(2), take(1), take(2, 'export eve')]).toEqual([true, false, false, true])
    counts.give(2, 'export ada')
    expect(take(2)).toBe(false)
    counts.leave(1)
    expect(take(2)).toBe(true)
    counts.give(2, 'export ada')
    expect(take(2)).toBe(true)
  })
})

describe('a worker', () => {
  afterEach(() => joinOthers())

  /** Makes this process the first of two workers, and returns what the second one does. */
  function joinTwo() {
    const counts = createCounts(0)
    const received = Promise.withResolvers<void>()
    counts.join(1, (message) => {
      if (message.kind === 'known' || message.kind === 'update') addHeldByOthers(message.held)
      if (message.kind === 'update') received.resolve()
    })
    counts.join(2, () => {})
    joinOthers((message: FromWorker) => {
      if (message.kind === 'update') counts.add(1, message)
      if (message.kind === 'give') counts.give(1, message.claim)
      if (message.kind === 'ask') settleAnswer(message.id, counts.answer(1, message.question))
    })
    return { counts, received: received.promise }
  }

  test('refuses what others hold already, until they give it back or die', async () => {
    const { counts, received } = joinTwo()
    const ledger = createLedger({ own: 10, all: 100, part: 1 }, { own: 'You hold too much', all: 'All hold too much' }, 'bytes')
    counts.add(2, {
      calls: [],
      held: [
        ['bytes acme', 8],
        ['bytes', 80],
      ],
    })
    await received
    expect(ledger.held('acme')).toBe(8)
    expect(() => ledger.take(['acme'], 3)).toThrow('You hold too much')
    expect(() => ledger.take(['other'], 21)).toThrow('All hold too much')
    ledger.take(['acme'], 2)
    counts.leave(2)
    await expect.poll(() => heldByOthers('bytes')).toBe(0)
    ledger.take(['acme'], 8)
    ledger.give(['acme'], 10)
    expect(ledger.held('acme')).toBe(0)
  })

  test('takes a place once, and gives it back once', async () => {
    const { counts } = joinTwo()
    const end = await claim('import ada', 1)
    expect(await claim('import ada', 1)).toBeUndefined()
    expect(counts.answer(2, { claim: 'import ada', most: 1 })).toBe(false)
    end!()
    end!()
    expect(counts.answer(2, { claim: 'import ada', most: 1 })).toBe(true)
    expect(await claim('import ada', 1)).toBeUndefined()
  })

  test('alone shares nothing, and has places of its own', async () => {
    joinOthers()
    shareHeld('bytes', 5)
    const end = await claim('import eve', 1)
    expect(await claim('import eve', 1)).toBeUndefined()
    end!()
    const again = await claim('import eve', 1)
    expect(again).toBeDefined()
    again!()
  })
})
