import { describe, expect, test } from 'vitest'
import { SMALLEST_POOL } from '#config/defaults'
import { type Claim, Overloaded, createShares, sizesOf } from './shares.ts'

const patience = { auth: 50, read: 50, write: 50, transfer: 50, job: 50 }
const settled = async (work: Promise<unknown>) =>
  Promise.race([work.then(() => 'admitted'), new Promise((resolve) => setImmediate(() => resolve('waits')))])

/** Takes this many places, which must all be free. */
const take = (shares: ReturnType<typeof createShares>, claim: Claim, n: number) =>
  Promise.all(Array.from({ length: n }, () => shares.acquire(claim)))

/** A claim that waits until after its test. */
const keepWaiting = (shares: ReturnType<typeof createShares>, claim: Claim) => void shares.acquire(claim).catch(() => {})

describe('the connections of a pool', () => {
  test.for([SMALLEST_POOL, 16, 24, 100, 1000])('%i are all given to classes, and every class has at least two', (total) => {
    const sizes = Object.values(sizesOf(total))
    expect(sizes.reduce((a, b) => a + b)).toBe(total)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2)
  })

  test('a full class leaves the others unaffected', async () => {
    const shares = createShares(24, patience)
    await take(shares, { class: 'read', owner: 'a' }, 4)
    for (const owner of ['b', 'c']) await take(shares, { class: 'read', owner }, 2)
    await expect(shares.acquire({ class: 'read', owner: 'd' })).rejects.toThrow(new Overloaded(false))
    for (const kind of ['auth', 'write', 'transfer', 'job'] as const)
      expect(await settled(shares.acquire({ class: kind, owner: 'a' })), kind).toBe('admitted')
  })

  test('an owner holds at most half of a class, and the refusal blames its own calls', async () => {
    const shares = createShares(24, patience)
    await take(shares, { class: 'read', owner: 'a' }, shares.sizes.read / 2)
    await expect(shares.acquire({ class: 'read', owner: 'a' })).rejects.toThrow(new Overloaded(true))
    expect(await settled(shares.acquire({ class: 'read', owner: 'b' }))).toBe('admitted')
  })

  test('the writers of one project queue, while another project of the same owner goes on', async () => {
    const shares = createShares(24, patience)
    await take(shares, { class: 'write', owner: 'a', project: 'busy' }, 2)
    expect(await settled(shares.acquire({ class: 'write', owner: 'a', project: 'busy' }).catch(() => {}))).toBe('waits')
    expect(await settled(shares.acquire({ class: 'write', owner: 'a', project: 'other' }))).toBe('admitted')
  })

  test('waiting claims are admitted in turn, skipping those without a share left', async () => {
    let time = 0
    const shares = createShares(24, { ...patience, read: 5000 }, () => time)
    const [first] = await take(shares, { class: 'read', owner: 'a' }, 4)
    const [second] = await take(shares, { class: 'read', owner: 'b' }, 2)
    const [third] = await take(shares, { class: 'read', owner: 'c' }, 2)
    const admitted: string[] = []
    const wait = (owner: string, name: string) => shares.acquire({ class: 'read', owner }).then(() => admitted.push(name))
    const waiting = [wait('a', 'a'), wait('d', 'd1'), wait('d', 'd2')]
    second!()
    await waiting[1]
    expect(admitted).toEqual(['d1'])
    time += 10_000
    first!()
    await waiting[0]
    expect(admitted).toEqual(['d1', 'a'])
    third!()
    await waiting[2]
    expect(admitted).toEqual(['d1', 'a', 'd2'])
  })

  test('an owner holds a quarter of a class while others use it, and half again once they are gone', async () => {
    let time = 0
    const shares = createShares(24, patience, () => time)
    const claim = { class: 'read', owner: 'a' } as const
    await shares.acquire({ class: 'read', owner: 'b' })
    await take(shares, claim, 2)
    expect(await settled(shares.acquire(claim).catch(() => {}))).toBe('waits')
    // Has no effect on another class.
    await take(shares, { class: 'write', owner: 'a' }, 3)
    time += 10_000
    expect(await settled(shares.acquire(claim))).toBe('admitted')
  })

  test('an owner can use all of authentication alone, half beside others, and a quarter when it takes most of the time', async () => {
    let time = 0
    const shares = createShares(24, patience, () => time)
    const claim = { class: 'auth', owner: 'busy' } as const
    const releases = await take(shares, claim, shares.sizes.auth)
    for (const release of releases) release()
    await take(shares, { class: 'auth', owner: 'other' }, 1)
    const held = await take(shares, claim, 2)
    expect(await settled(shares.acquire(claim).catch(() => {}))).toBe('waits')
    time += 300
    // The claim that waits takes the first of these places.
    for (const release of held) release()
    await take(shares, { class: 'auth', owner: 'other' }, 1)
    expect(await settled(shares.acquire(claim).catch(() => {}))).toBe('waits')
  })

  test('an owner whose work takes most of the time holds an eighth while others use the class', async () => {
    let time = 0
    const shares = createShares(24, patience, () => time)
    const claim = { class: 'read', owner: 'slow' } as const
    const releases = await take(shares, claim, 2)
    time += 300
    for (const release of releases) release()
    await take(shares, { class: 'read', owner: 'quick' }, 1)
    const [again] = await take(shares, claim, 1)
    expect(await settled(shares.acquire(claim).catch(() => {}))).toBe('waits')
    // The claim that waited takes this place.
    again!()
    // The owner's use fades, while the other owner still counts as present.
    time += 1900
    await take(shares, claim, 1)
    expect(await settled(shares.acquire(claim).catch(() => {}))).toBe('waits')
  })

  test('an owner that uses more time than others but little of it keeps a quarter', async () => {
    let time = 0
    const shares = createShares(24, patience, () => time)
    const claim = { class: 'read', owner: 'a' } as const
    await shares.acquire({ class: 'read', owner: 'b' })
    for (let i = 0; i < 10; i++) {
      const release = await shares.acquire(claim)
      time += 20
      release()
      time += 80
    }
    expect(await settled(take(shares, claim, 2))).toBe('admitted')
  })

  test('a place that is released twice is free once', async () => {
    const shares = createShares(24, patience)
    const [release] = await take(shares, { class: 'job' }, 2)
    release!()
    release!()
    await shares.acquire({ class: 'job' })
    await expect(shares.acquire({ class: 'job' })).rejects.toThrow(Overloaded)
    expect(shares.state().job).toEqual({ used: 2, waiting: 0 })
  })

  test('the number of waiting claims is limited, and the next is refused at once', async () => {
    const shares = createShares(24, { ...patience, read: 60_000 })
    await take(shares, { class: 'read', owner: 'a' }, 4)
    for (let i = 0; i < 250; i++) keepWaiting(shares, { class: 'read', owner: 'a' })
    await expect(shares.acquire({ class: 'read', owner: 'a' })).rejects.toThrow(new Overloaded(true))
    expect(shares.state().read).toEqual({ used: 4, waiting: 250 })
  })

  test('claims without an owner do not count as one owner', async () => {
    const shares = createShares(24, { ...patience, auth: 60_000 })
    await take(shares, { class: 'auth' }, shares.sizes.auth)
    for (let i = 0; i < 1000; i++) keepWaiting(shares, { class: 'auth' })
    await expect(shares.acquire({ class: 'auth' })).rejects.toThrow(new Overloaded(false))
    expect(shares.state().auth).toEqual({ used: 4, waiting: 1000 })
  })
})
