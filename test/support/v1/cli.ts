import type { V1Agent, V1RegisteredAgent } from '#contract/v1/agents'
import type { Membership } from '#contract/v1/common'
import type { V1CoreInstance, V1CreatedCoreInstance } from '#contract/v1/core-instances'
import type { V1Environment } from '#contract/v1/environments'
import { v1Client } from './client.ts'

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** How many ids one bulk deletion names: its client keeps URLs below 2 KiB. */
const CHUNK = 54

/**
 * The commands of the command line client of the v1 API, request by request as it sends them: it searches before it does
 * anything to a named thing, lists with `last=0`, never follows `Link`, and sends every field, null where unset.
 */
export function v1Cli(origin: string, projectToken: string) {
  const api = v1Client(origin, { projectToken })
  const { ProjectID: projectID } = JSON.parse(Buffer.from(projectToken.split('.')[0]!, 'base64url').toString()) as {
    ProjectID: string
  }
  const at = `/v1/projects/${projectID}`

  const search = async (resource: string, term = '') =>
    (await api.list<{ id: string; name: string }>('/v1/search', { exact: 'false', project_id: projectID, resource, term })).items

  /** The id of what a command names, or the client's own error. */
  async function load(resource: string, inWords: string, key: string): Promise<string> {
    const found = await search(resource, key)
    if (found.length === 0) throw new Error(`could not find ${inWords} "${key}"`)
    if (found.length === 1) return found[0]!.id
    if (!isUuid(key)) throw new Error(`ambiguous ${inWords} name "${key}", use ID instead`)
    return key
  }

  async function environmentId(name: string): Promise<string> {
    const { items } = await api.list<V1Environment>(`${at}/environments`, { last: 1, name })
    if (!items[0]) throw new Error(`could not find environment "${name}"`)
    return items[0].id
  }

  async function deleteAll(path: string, parameter: string, ids: string[]): Promise<number> {
    for (let i = 0; i < ids.length; i += CHUNK) {
      const some = new URLSearchParams(ids.slice(i, i + CHUNK).map((id) => [parameter, id]))
      await api.delete(`${path}?${some.toString()}`)
    }
    return ids.length
  }

  const agents = async () => (await api.list<V1Agent>(`${at}/agents`, { last: 0 })).items
  const coreInstances = async () =>
    (await api.get<{ items: V1CoreInstance[]; endCursor: string | null; count: number }>(`${at}/core_instances?last=0`)).items

  return {
    projectID,
    search,
    registerAgent: (fields: { name: string; machineID: string }) =>
      api.post<V1RegisteredAgent>('/v1/agents', {
        type: 'fluentbit',
        version: 'v3.1.0',
        edition: 'community',
        os: null,
        arch: null,
        flags: null,
        rawConfig: '',
        metadata: null,
        environmentID: '',
        fleetID: null,
        tags: null,
        ...fields,
      }),
    getAgents: agents,
    deleteAgent: async (key: string) => api.delete(`/v1/agents/${await load('agent', 'agent', key)}`),
    deleteAgents: async () =>
      deleteAll(
        `${at}/agents`,
        'agent_id',
        (await agents()).map(({ id }) => id),
      ),
    async updateAgent(key: string, to: { name?: string; environment?: string; fleet?: string }) {
      const id = await load('agent', 'agent', key)
      await api.patch(`/v1/agents/${id}`, {
        name: to.name ?? null,
        version: null,
        edition: null,
        os: null,
        arch: null,
        flags: null,
        rawConfig: null,
        metadata: null,
        environmentID: to.environment === undefined ? null : await environmentId(to.environment),
        fleetID: to.fleet === undefined ? null : await load('fleet', 'fleet', to.fleet),
      })
    },
    async createCoreInstance(name: string, environment?: string) {
      return api.post<V1CreatedCoreInstance>('/v1/aggregators', {
        name,
        version: 'v2.0-dev',
        addHealthCheckPipeline: true,
        healthCheckPipelinePort: 2020,
        healthCheckPipelinePortKind: '',
        clusterLogging: false,
        environmentID: environment === undefined ? '' : await environmentId(environment),
        tags: null,
        metadata: {},
        skipServiceCreation: false,
        image: '',
      })
    },
    getCoreInstances: coreInstances,
    async updateCoreInstance(key: string, name: string) {
      const id = await load('core_instance', 'core instance', key)
      const unset = { version: null, environmentID: null, clusterLogging: null, tags: null, metadata: null, image: null }
      await api.patch(`/v1/aggregators/${id}`, { name, skipServiceCreation: null, ...unset })
    },
    deleteCoreInstance: async (key: string) => api.delete(`/v1/aggregators/${await load('core_instance', 'core instance', key)}`),
    deleteCoreInstances: async () =>
      deleteAll(
        `${at}/aggregators`,
        'aggregator_id',
        (await coreInstances()).map(({ id }) => id),
      ),
    createEnvironment: (name: string) => api.post<{ id: string }>(`${at}/environments`, { name }),
    getMembers: async () => (await api.list<Membership>(`${at}/members`, { last: 0 })).items,
    invite: (email: string, redirectURI: string) => api.post(`${at}/invite`, { email, redirectURI, permissions: ['read:*'] }),
  }
}
