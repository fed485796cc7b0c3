import { V1RegisterAgent } from '#contract/v1/agents'
import { V1CreateCoreInstance } from '#contract/v1/core-instances'
import type { ProjectContext } from '#domain/context'
import { registerAgent } from '#domain/v1/agents'
import { createCoreInstance } from '#domain/v1/core-instances'

/** An agent of this machine in the default environment, as little said of it as may be. */
export const addAgent = (context: ProjectContext, machineID = 'machine') =>
  registerAgent(
    context,
    V1RegisterAgent.parse({ name: machineID, machineID, type: 'fluentbit', version: '3.0.0', edition: 'community' }),
  )

/** The same for a core instance of this name. */
export const addCoreInstance = (context: ProjectContext, name = 'core') =>
  createCoreInstance(context, V1CreateCoreInstance.parse({ name, version: '1.0.0', addHealthCheckPipeline: false }))
