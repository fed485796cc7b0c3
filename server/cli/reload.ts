import { readConfig } from '#config/config'
import { StartError } from '#config/start-error'
import { reloadServers } from '../workers/control.ts'
import { command } from './command.ts'

export const reload = command({
  name: 'reload',
  summary: 'Replace the workers of the running server, one after the other',
  notes: `For a server with WEB_CONCURRENCY of 2 or more that runs from this BULKHEAD_DATA_DIR. Each new worker is ready before the one it replaces
ends, and no request is lost. The version and the settings stay; to change those, restart the server.`,
  withoutDatabase: true,
  options: {},
  prepare:
    () =>
    async (_db, { say }) => {
      const all = await reloadServers(readConfig().dataDir)
      if (all.length === 0)
        throw new StartError(
          'No server with workers runs from this data folder. WEB_CONCURRENCY sets how many workers a server has; one without them can only be restarted.',
        )
      for (const { port, reloaded } of all)
        say('workers' in reloaded ? `Port ${port}: replaced ${reloaded.workers} workers.` : `Port ${port}: ${reloaded.refusal}`)
      if (all.some(({ reloaded }) => 'refusal' in reloaded)) throw new StartError('Not all workers were replaced.')
    },
})
