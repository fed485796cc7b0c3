import { setTimeout as sleep } from 'node:timers/promises'
import { startDraining } from './lifecycle.ts'
import { log } from './log.ts'

type Step = () => Promise<unknown>

/** Milliseconds after which the process exits even when something does not stop. */
const hardLimit = 30_000

/**
 * On SIGTERM, Ctrl-C or a closed terminal, undoes the steps of the start in reverse order and exits. Lets a running start reach
 * its next step first, so that its latest step is undone too.
 */
export function stopOnSignals(started: Promise<unknown>) {
  const steps: Step[] = []
  let stopping = false

  async function stop(signal: NodeJS.Signals) {
    if (stopping) return
    stopping = true
    startDraining()
    log.info(`${signal}: stopping`)
    setTimeout(() => process.exit(1), hardLimit).unref()
    await Promise.race([started.catch(() => {}), sleep(10_000)])
    for (const step of steps.toReversed()) await step().catch((error: unknown) => log.error(error))
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal))
  return (step: Step) => void steps.push(step)
}
