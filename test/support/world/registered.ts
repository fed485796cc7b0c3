import { V1RegisterAgent } from '#contract/v1/agents'
import { V1CreateCoreInstance } from '#contract/v1/core-instances'
import type { ProjectContext } from '#domain/context'
import { registerAgent } from '#domain/v1/agents'
import { createCoreInstance } from '#domain/v1/core-instances'

/** Registers an agent of this machine in the default environment, with the fewest fields. */
export const addAgent = (context: ProjectContext, machineID = 'machine') =>
  registerAgent(
    context,
    V1RegisterAgent.parse({ name: machineID, machineID, type: 'fluentbit', version: '3.0.0', edition: 'community' }),
  )

/** Registers a core instance of this name in the same way. */
export const addCoreInstance = (context: ProjectContext, name = 'core') =>
  createCoreInstance(context, V1CreateCoreInstance.parse({ name, version: '1.0.0', addHealthCheckPipeline: false }))
