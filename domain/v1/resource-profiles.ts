import type { V1ResourceProfile } from '#contract/v1/core-instances'
import { newId } from '../ids.ts'

/** The profiles that every core instance starts with; the last one is the default of its clients. */
const profiles = [
  {
    name: 'high-performance-guaranteed-delivery',
    storageMaxChunksUp: 256,
    storageSyncFull: true,
    storageBacklogMemLimit: '64Mi',
    storageVolumeSize: '1Gi',
    storageMaxChunksPause: true,
    cpuBufferWorkers: 4,
    cpuLimit: '1000m',
    cpuRequest: '500m',
    memoryLimit: '1Gi',
    memoryRequest: '512Mi',
  },
  {
    name: 'high-performance-optimal-throughput',
    storageMaxChunksUp: 256,
    storageSyncFull: false,
    storageBacklogMemLimit: '64Mi',
    storageVolumeSize: '1Gi',
    storageMaxChunksPause: false,
    cpuBufferWorkers: 4,
    cpuLimit: '1000m',
    cpuRequest: '500m',
    memoryLimit: '1Gi',
    memoryRequest: '512Mi',
  },
  {
    name: 'best-effort-low-resource',
    storageMaxChunksUp: 128,
    storageSyncFull: false,
    storageBacklogMemLimit: '5Mi',
    storageVolumeSize: '128Mi',
    storageMaxChunksPause: false,
    cpuBufferWorkers: 1,
    cpuLimit: '250m',
    cpuRequest: '100m',
    memoryLimit: '256Mi',
    memoryRequest: '128Mi',
  },
]

/** Nothing here runs a pipeline, so they are only described and not stored. */
export const defaultProfiles = (createdAt: string): V1ResourceProfile[] =>
  profiles.map((profile) => ({ id: newId(), ...profile, createdAt, updatedAt: createdAt }))
