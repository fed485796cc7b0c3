import type { Config } from '#config/config'
import { StartError } from '#config/start-error'
import { log } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { answerReloads } from './control.ts'
import { createCounts } from './counts.ts'
import { type Crew, createCrew } from './crew.ts'
import { openGate } from './gate.ts'

/**
 * A server of several processes. Listens at once; `start` starts the workers, once the database is ready for them, and resolves when
 * all of them are.
 */
export async function openServer(config: Config) {
  const gate = await openGate(config)
  const sum = config.metrics && (await import('../metrics/together.ts')).createSum()
  let crew: Crew | undefined
  let endReloads = async () => {}

  async function reload(): Promise<number> {
    if (!crew) throw new StartError('The server is starting.')
    return crew.reload()
  }
  process.on('SIGUSR2', () => void reload().catch((error: unknown) => log.warn(error instanceof Error ? error.message : error)))

  return {
    port: gate.port,
    /** The metrics of all processes. */
    metrics: async (own: Metrics): Promise<string> => sum!.text([await own.values(), ...((await crew?.measure()) ?? [])]),
    async start(): Promise<void> {
      const starting = createCrew({
        gate,
        counts: createCounts(config.rateLimit),
        size: config.workers,
        settings: { PORT: String(gate.port), HOST: config.host },
        keep: (metrics) => void sum?.keep(metrics).catch((error: unknown) => log.error(error)),
      })
      crew = starting
      await starting.start()
      endReloads = await answerReloads(config.dataDir, gate.port, reload)
    },
    async stop(): Promise<void> {
      await endReloads()
      if (crew) return crew.stop()
      await gate.close()
      await gate.stop()
    },
  }
}
