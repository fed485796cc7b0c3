import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '#test/support/servers/server'
import { isBuilt } from '../../tools/build.mjs'
import { type Cast, createCast } from '#test/support/world/cast'
import { progress, report, scaleOf } from '#test/support/outcome'
import { settings } from '../whole-server.ts'
import { type Victim, openVictim } from './postgres.ts'
import { strike } from './strike.ts'

const TIMES = Math.ceil(scaleOf('faults', 0) / 5)
const MEGABYTES = 400
/** Milliseconds for which there is no room. */
const FULL = 4000

/** A file system of its own, small enough to fill; undefined where we may not mount one. */
function mount(): string | undefined {
  const place = mkdtempSync(join(tmpdir(), 'bulkhead-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', place], { stdio: 'ignore' })
    return place
  } catch {
    rmdirSync(place)
    return undefined
  }
}

function unmount(place: string): void {
  execFileSync('umount', [place])
  rmdirSync(place)
}

/** Takes every byte that is left. Answers how to give them back. */
function fillUp(place: string): () => void {
  const file = join(place, 'filler')
  const to = openSync(file, 'w')
  for (let chunk = Buffer.alloc(1 << 20); chunk.length > 0;) {
    try {
      writeSync(to, chunk)
    } catch {
      chunk = chunk.subarray(0, chunk.length >> 1)
    }
  }
  closeSync(to)
  return () => rmSync(file)
}

const place = isBuilt() && TIMES > 0 ? mount() : undefined

describe.skipIf(place === undefined)('a disk without room', () => {
  let victim: Victim
  let server: Server
  let cast: Cast
  beforeAll(async () => {
    victim = await openVictim(place)
    cast = await createCast(victim.db)
    server = await startServer({ ...settings, DATABASE_URL: victim.url })
  }, 0)
  afterAll(async () => {
    await server?.stop()
    await victim?.stop()
    unmount(place!)
  })

  test('requests are refused with 503, nothing is half done, and all goes on once there is room', { timeout: 0 }, async () => {
    const failures: string[] = []
    let refused = 0
    for (let i = 0; i < TIMES; i++) {
      progress(i, TIMES, `full disk, ${failures.length} failed`)
      const { wrong, seen } = await strike({ victim, cast, origin: server.url, purged: 2000 }, async () => {
        const makeRoom = fillUp(place!)
        await sleep(FULL)
        makeRoom()
        await victim.back()
        return server.isRunning() ? [] : [`the server ended: ${server.said.join('\n')}`]
      })
      refused += seen.unavailable
      if (wrong.length > 0) failures.push(wrong.slice(0, 5).join('; '))
    }
    if (refused === 0) failures.push('there was room for everything')
    expect(report({ what: 'fault: no room on the disk', tried: TIMES, failures })).toEqual([])
  })
})
