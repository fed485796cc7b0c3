import cluster, { type Worker } from 'node:cluster'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MetricObject } from 'prom-client'
import { projectRoot } from '#config/project-root'
import { StartError } from '#config/start-error'
import { version } from '#config/version'
import { log, passOn } from '../log.ts'
import type { Counts } from './counts.ts'
import type { Gate } from './gate.ts'
import { forwardLines } from './lines.ts'
import type { FromParent, FromWorker } from './messages.ts'

type Member = {
  worker: Worker
  /** `lost`: nothing reaches it any more, and it is about to end. */
  state: 'starting' | 'ready' | 'lost' | 'leaving'
  since: number
  open: number
  /** Rejects when the worker ends before. */
  ready: PromiseWithResolvers<void>
  ended: Promise<void>
  metrics: MetricObject[]
  hand(id: number, socket: Socket, failed: () => void): void
}

/** Milliseconds of life below which a worker's end counts as a failed start. The pause before the next doubles each time. */
const SHORT_LIFE = 10_000
const PAUSE = { first: 250, longest: 15_000 }
/** Milliseconds that workers have to leave, or to stop: longer than their requests have. */
const TO_LEAVE = 45_000
const TO_STOP = 20_000
/** Milliseconds that workers have for their metrics. */
const TO_MEASURE = 2000

type Parts = {
  gate: Gate
  counts: Counts
  size: number
  /** Settings that only the workers have. */
  settings: Record<string, string>
  /** Takes the last metrics of a worker that has ended. */
  keep: (metrics: MetricObject[]) => void
}

/** Starts the workers, replaces those that die, and ends them. */
export function createCrew({ gate, counts, size, settings, keep }: Parts) {
  const members = new Map<number, Member>()
  const measures = new Map<number, (metrics: MetricObject[]) => void>()
  let asks = 0
  let failures = 0
  let isStarted = false
  let isStopping = false
  let reloading: Promise<void> | undefined

  const inState = (state: Member['state']) => [...members.values()].filter((one) => one.state === state)
  const send = ({ worker }: Member, message: FromParent) => {
    if (worker.isConnected()) worker.send(message)
  }

  function receive(id: number, member: Member, message: FromWorker): void {
    if (message.kind === 'took') gate.took(message.id)
    else if (message.kind === 'closed') gate.closed(member, message.n)
    else if (message.kind === 'update') counts.add(id, message)
    else if (message.kind === 'ask') send(member, { kind: 'answer', id: message.id, value: counts.answer(id, message.question) })
    else if (message.kind === 'give') counts.give(id, message.claim)
    else if (message.kind === 'measured') {
      member.metrics = message.metrics
      if (message.id !== null) measures.get(message.id)?.(message.metrics)
    } else if (message.version === version) {
      member.state = 'ready'
      member.ready.resolve()
    } else {
      log.error(`the files are of version ${message.version}, and this process is ${version}; restart the server instead`)
      member.worker.process.kill('SIGKILL')
    }
  }

  /**
   * A worker that has died, before that is noticed. Still chosen, it would be handed the same connection again and again, in one turn
   * of the event loop.
   */
  function lose(member: Member): void {
    if (member.state === 'ready') member.state = 'lost'
    member.worker.process.kill('SIGKILL')
  }

  function fork(): Member {
    const forked = cluster.fork(settings)
    const ended = Promise.withResolvers<void>()
    const member: Member = {
      worker: forked,
      state: 'starting',
      since: performance.now(),
      open: 0,
      ready: Promise.withResolvers(),
      ended: ended.promise,
      metrics: [],
      hand: (id, socket, failed) =>
        forked.process.send({ kind: 'hand', id } satisfies FromParent, socket, { keepOpen: true }, (error) => {
          if (!error) return
          lose(member)
          failed()
        }),
    }
    // Nobody waits for a replacement, and then a rejection has no other listener.
    member.ready.promise.catch(() => {})
    members.set(forked.id, member)
    forwardLines(forked.process.stdout!, (line) => process.stdout.write(line))
    forwardLines(forked.process.stderr!, passOn)
    forked.on('message', (message: FromWorker) => receive(forked.id, member, message))
    // A message to a worker that has just died.
    forked.on('error', () => {})
    forked.once('exit', (code, signal) => {
      members.delete(forked.id)
      counts.leave(forked.id)
      keep(member.metrics)
      const how = signal ? `by ${signal}` : `with code ${code}`
      member.ready.reject(new StartError(`A worker ended ${how} before it was ready.`))
      if (isStarted && member.state !== 'leaving' && !isStopping) {
        log.error({ pid: forked.process.pid }, `a worker ended ${how}`)
        replace(performance.now() - member.since)
      }
      member.state = 'leaving'
      gate.lost(member)
      ended.resolve()
    })
    counts.join(forked.id, (message) => send(member, message))
    return member
  }

  /** Starts another worker for one that ended: at once, but ever later when they end soon after their start. */
  function replace(lived: number): void {
    failures = lived < SHORT_LIFE ? failures + 1 : 0
    const pause = failures === 0 ? 0 : Math.min(PAUSE.first * 2 ** (failures - 1), PAUSE.longest)
    log.warn(`starting another worker${pause > 0 ? ` in ${pause} ms` : ''}`)
    setTimeout(fill, pause).unref()
  }

  function fill(): void {
    while (!isStopping && members.size - inState('leaving').length < size) fork()
  }

  async function replaceEach(): Promise<void> {
    const old = inState('ready')
    for (const before of old) {
      if (before.state !== 'ready') continue
      const next = fork()
      try {
        await next.ready.promise
      } catch (error) {
        throw isStopping ? new StartError('The server is stopping.') : error
      }
      if (isStopping) throw new StartError('The server is stopping.')
      before.state = 'leaving'
      send(before, { kind: 'leave' })
      const stuck = setTimeout(() => before.worker.process.kill('SIGKILL'), TO_LEAVE)
      await before.ended
      clearTimeout(stuck)
    }
  }

  return {
    async start(): Promise<void> {
      cluster.setupPrimary({ exec: join(projectRoot, 'server', 'workers', 'worker.ts'), args: [], silent: true })
      const first = Array.from({ length: size }, fork)
      await Promise.all(first.map(({ ready }) => ready.promise))
      isStarted = true
      gate.handTo(() =>
        inState('ready').reduce<Member | undefined>((least, one) => (least && least.open <= one.open ? least : one), undefined),
      )
    },
    /** Replaces one worker after the other by a new one. Rejects with a StartError when one does not start; the others stay. */
    async reload(): Promise<number> {
      if (isStopping) throw new StartError('The server is stopping.')
      if (reloading) throw new StartError('The workers are already being replaced.')
      log.info('replacing the workers')
      reloading = replaceEach()
      try {
        await reloading
        log.info('the workers have been replaced')
        return size
      } catch (error) {
        if (!isStopping) log.error(error, 'the workers could not be replaced; those that are left go on')
        throw error
      } finally {
        reloading = undefined
        // One may have died meanwhile.
        fill()
      }
    },
    /** The metrics of each worker, of one that does not answer its latest. */
    async measure(): Promise<MetricObject[][]> {
      const measured = [...members.values()].map(async (member) => {
        if (member.state === 'starting') return []
        const id = asks++
        const { promise, resolve } = Promise.withResolvers<MetricObject[]>()
        measures.set(id, resolve)
        send(member, { kind: 'measure', id })
        const late = new AbortController()
        const metrics = await Promise.race([promise, member.ended, sleep(TO_MEASURE, undefined, { signal: late.signal })])
        late.abort()
        measures.delete(id)
        return metrics ?? (members.has(member.worker.id) ? member.metrics : [])
      })
      return Promise.all(measured)
    },
    async stop(): Promise<void> {
      isStopping = true
      for (const member of inState('starting')) member.worker.process.kill('SIGKILL')
      for (const member of members.values()) send(member, { kind: 'drain' })
      await gate.close()
      const rest = [...members.values()]
      for (const member of rest) send(member, { kind: 'stop' })
      const late = setTimeout(() => {
        for (const member of rest) member.worker.process.kill('SIGKILL')
      }, TO_STOP)
      await Promise.all(rest.map(({ ended }) => ended))
      clearTimeout(late)
      await gate.stop()
    },
  }
}

export type Crew = ReturnType<typeof createCrew>
