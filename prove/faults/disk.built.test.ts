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
/** Milliseconds for which the disk is full. */
const FULL = 4000

/** Mounts a small file system that can be filled; undefined without the permission to mount. */
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

/** Takes every free byte. Answers a function that frees them. */
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

describe.skipIf(place === undefined)('a full disk', () => {
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

  test('refuses requests with 503, leaves nothing half done, and recovers once there is space', { timeout: 0 }, async () => {
    const failures: string[] = []
    let refused = 0
    for (let i = 0; i < TIMES; i++) {
      progress(i, TIMES, `full disk, ${failures.length} failed`)
      const { wrong, seen } = await strike({ victim, cast, origin: server.url, purged: 2000 }, async () => {
        const makeRoom = fillUp(place!)
        await sleep(FULL)
        makeRoom()
        await victim.back()
        return server.isRunning() ? [] : [`the server ended: ${server.output.join('\n')}`]
      })
      refused += seen.unavailable
      if (wrong.length > 0) failures.push(wrong.slice(0, 5).join('; '))
    }
    if (refused === 0) failures.push('there was room for everything')
    expect(report({ what: 'fault: no room on the disk', tried: TIMES, failures })).toEqual([])
  })
})
