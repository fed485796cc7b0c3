import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readConfig } from '#config/config'
import { knownSettings } from '#config/environment'
import { projectRoot } from '#config/project-root'
import { secretSettings } from '#config/secret-files'
import { opsOperations } from '#contract/ops'
import { textOf } from './markdown.ts'

/** Milliseconds after which the server ends a stop that does not end by itself. */
const longestStop = Number(/hardLimit = ([\d_]+)/.exec(textOf('server/stopping.ts'))![1]!.replaceAll('_', ''))
const probes: string[] = Object.values(opsOperations).map(({ path }) => path)

const names = z.record(z.string(), z.string())
const metadata = z.strictObject({ name: z.literal('bulkhead'), labels: names })
const selector = z.strictObject({ matchLabels: names })
const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.literal('http') }),
  initialDelaySeconds: z.int().optional(),
  periodSeconds: z.int(),
  timeoutSeconds: z.int(),
  failureThreshold: z.int(),
})
const quantity = z.string().regex(/^\d+(m|[KMG]i)?$/)
const container = z.strictObject({
  name: z.literal('bulkhead'),
  image: z.string(),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })),
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: z.strictObject({ preStop: z.strictObject({ sleep: z.strictObject({ seconds: z.int() }) }) }),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: quantity, memory: quantity }),
    limits: z.strictObject({ memory: quantity }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.literal(true).optional() })),
})
const volume = z.union([
  z.strictObject({
    name: z.string(),
    secret: z.strictObject({ secretName: z.literal('bulkhead'), defaultMode: z.literal(0o440) }),
  }),
  z.strictObject({ name: z.string(), emptyDir: z.strictObject({ sizeLimit: quantity }) }),
])
const pod = z.strictObject({
  enableServiceLinks: z.literal(false),
  automountServiceAccountToken: z.literal(false),
  terminationGracePeriodSeconds: z.int(),
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: z.int(),
    runAsGroup: z.int(),
    fsGroup: z.int(),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  topologySpreadConstraints: z.array(
    z.strictObject({
      maxSkew: z.int(),
      topologyKey: z.string(),
      whenUnsatisfiable: z.literal('ScheduleAnyway'),
      labelSelector: selector,
    }),
  ),
  containers: z.tuple([container]),
  volumes: z.array(volume),
})
/** Only what is used, so that a name with a typo is noticed, which Kubernetes itself would ignore. */
const shapes = {
  'deployment.yaml': z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    metadata,
    spec: z.strictObject({
      replicas: z.literal(2),
      selector,
      strategy: z.strictObject({
        type: z.literal('RollingUpdate'),
        rollingUpdate: z.strictObject({ maxUnavailable: z.literal(0), maxSurge: z.int().positive() }),
      }),
      template: z.strictObject({ metadata: z.strictObject({ labels: names }), spec: pod }),
    }),
  }),
  'pod-disruption-budget.yaml': z.strictObject({
    apiVersion: z.literal('policy/v1'),
    kind: z.literal('PodDisruptionBudget'),
    metadata,
    spec: z.strictObject({ minAvailable: z.literal(1), selector }),
  }),
  'secret.yaml': z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Secret'),
    metadata,
    type: z.literal('Opaque'),
    stringData: z.record(z.string(), z.literal('')),
  }),
  'service.yaml': z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata,
    spec: z.strictObject({
      selector: names,
      ports: z.array(z.strictObject({ name: z.string(), port: z.int(), targetPort: z.literal('http') })),
    }),
  }),
}
const manifest = <File extends keyof typeof shapes>(file: File) =>
  shapes[file].parse(parse(textOf(`deploy/kubernetes/${file}`))) as z.output<(typeof shapes)[File]>

const containerfile = textOf('deploy/Containerfile')
const last = (instruction: string) => containerfile.match(new RegExp(`(?<=^${instruction} ).+`, 'gm'))?.at(-1)
const imageVariables = Object.fromEntries(
  [...containerfile.slice(containerfile.indexOf('\nENV ')).matchAll(/^(?:ENV| {4}) ?([A-Z_]+)=(\S+)/gm)].map(
    ([, name, value]) => [name!, value!],
  ),
)

const unit = textOf('deploy/bulkhead.service')
const ofUnit = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]

type Compose = {
  services: Record<'bulkhead' | 'postgres', { environment: Record<string, string>; secrets: string[]; volumes?: string[] }> & {
    bulkhead: {
      build: { context: string; dockerfile: string }
      ports: string[]
      read_only: boolean
      stop_grace_period: string
      healthcheck: { test: string[] }
    }
  }
  secrets: Record<string, { file: string }>
  volumes: Record<string, null>
}
const compose = parse(textOf('deploy/compose.yaml')) as Compose

/** Variables that are nobody's setting of ours. */
const ofOthers = new Set(['NODE_ENV', 'PATH', 'HOME', 'NODE_COMPILE_CACHE'])
const unknownIn = (variables: string[]) => variables.filter((name) => !ofOthers.has(name) && !knownSettings.includes(name))

/** What the server would say of these settings, with something in each file that they name. */
function configOf(settings: Record<string, string>) {
  const examples: Record<string, string> = { DATABASE_URL: 'postgres://bulkhead:x@postgres/bulkhead' }
  const inlined = Object.entries(settings).map(([name, value]) => {
    const secret = secretSettings.find((one) => name === `${one}_FILE`)
    return secret ? [secret, examples[secret] ?? 'x'.repeat(64)] : [name, value]
  })
  return readConfig(Object.fromEntries(inlined) as Record<string, string>)
}

describe('deploy/Containerfile', () => {
  test('sets only settings that exist, and listens where it says', () => {
    expect(Object.keys(imageVariables)).toContain('HOST')
    expect(unknownIn(Object.keys(imageVariables))).toEqual([])
    expect(last('EXPOSE')).toBe(imageVariables['PORT'])
    expect(imageVariables['HOST']).toBe('0.0.0.0')
  })

  test('runs the command line as a user that is not root', () => {
    expect(last('USER')).toBe('10001:10001')
    expect(last('ENTRYPOINT')).toBe('["bulkhead"]')
    expect(last('CMD')).toBe('["start"]')
    expect(imageVariables['PATH']!.split(':')).toContain(last('WORKDIR'))
    expect(JSON.parse(textOf('package.json'))).toMatchObject({ bin: { bulkhead: './server/bulkhead.mjs' } })
  })
})

describe('deploy/compose.yaml', () => {
  const { bulkhead, postgres } = compose.services
  test('has settings that the server accepts', () => {
    expect(unknownIn(Object.keys(bulkhead.environment))).toEqual([])
    expect(configOf({ ...imageVariables, ...bulkhead.environment })).toMatchObject({
      port: 3000,
      publicUrl: 'http://localhost:3000',
    })
  })

  test('builds the image, publishes its port to this machine alone, and asks a probe that exists', () => {
    expect(join('deploy', bulkhead.build.context, bulkhead.build.dockerfile)).toBe('deploy/Containerfile')
    expect(bulkhead.ports).toEqual([`127.0.0.1:3000:${last('EXPOSE')}`])
    expect(bulkhead.healthcheck.test.every((one) => typeof one === 'string')).toBe(true)
    const url = new URL(/http:[^']+/.exec(bulkhead.healthcheck.test.join(' '))![0])
    expect([url.port, probes.includes(url.pathname)]).toEqual([last('EXPOSE'), true])
    expect(bulkhead.read_only).toBe(true)
    expect(Number.parseInt(bulkhead.stop_grace_period) * 1000).toBeGreaterThan(longestStop)
  })

  test('declares each secret and volume that is used, and no other', () => {
    const used = [...bulkhead.secrets, ...postgres.secrets]
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(compose.secrets).toSorted())
    const files = [bulkhead, postgres].flatMap(({ environment, secrets }) =>
      Object.entries(environment).flatMap(([name, value]) => (name.endsWith('_FILE') ? [[value, secrets] as const] : [])),
    )
    for (const [file, secrets] of files) expect(secrets.map((name) => `/run/secrets/${name}`)).toContain(file)
    expect(postgres.volumes!.map((one) => one.split(':')[0])).toEqual(Object.keys(compose.volumes))
  })
})

describe('deploy/kubernetes', () => {
  test('has these objects, with no field that is misspelled', () => {
    expect(readdirSync(join(projectRoot, 'deploy', 'kubernetes')).toSorted()).toEqual(Object.keys(shapes))
    for (const file of Object.keys(shapes) as (keyof typeof shapes)[]) expect(manifest(file).kind).toBeDefined()
    const deployment = parse(textOf('deploy/kubernetes/deployment.yaml').replace('livenessProbe', 'livenesProbe')) as unknown
    expect(shapes['deployment.yaml'].safeParse(deployment).success).toBe(false)
  })

  const { spec } = manifest('deployment.yaml')
  const [server] = spec.template.spec.containers
  const settings = Object.fromEntries(server.env.map(({ name, value }) => [name, value]))

  test('selects its own pods everywhere', () => {
    const labels = spec.template.metadata.labels
    const selectors = [
      spec.selector.matchLabels,
      manifest('service.yaml').spec.selector,
      manifest('pod-disruption-budget.yaml').spec.selector.matchLabels,
      ...spec.template.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ]
    for (const one of selectors) expect(one).toEqual(labels)
  })

  test('has settings that the server accepts, and files that the Secret holds', () => {
    expect(unknownIn(Object.keys(settings))).toEqual([])
    const config = configOf({ ...imageVariables, ...settings })
    expect(server.ports).toEqual([
      { name: 'http', containerPort: config.port },
      { name: 'metrics', containerPort: config.metrics?.port },
    ])
    const mounts = server.volumeMounts
    const { mountPath } = mounts.find(({ name }) => name === 'secrets')!
    const files = server.env.filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => value)
    const held = Object.keys(manifest('secret.yaml').stringData).map((key) => `${mountPath}/${key}`)
    expect(files.toSorted()).toEqual(held.toSorted())
    expect(mounts.map(({ name }) => name)).toEqual(spec.template.spec.volumes.map(({ name }) => name))
    expect(mounts.some((one) => one.mountPath === imageVariables['HOME'])).toBe(true)
  })

  test('asks probes that exist, runs as the user of the image, and waits for a stop', () => {
    expect(server.livenessProbe.httpGet.path).toBe(opsOperations.health.path)
    expect(server.readinessProbe.httpGet.path).toBe(opsOperations.ready.path)
    const { runAsUser, runAsGroup } = spec.template.spec.securityContext
    expect(`${runAsUser}:${runAsGroup}`).toBe(last('USER'))
    const { seconds } = server.lifecycle.preStop.sleep
    expect((spec.template.spec.terminationGracePeriodSeconds - seconds) * 1000).toBeGreaterThan(longestStop)
  })
})

describe('deploy/bulkhead.service', () => {
  test('starts what is packed, with settings that exist', () => {
    expect(ofUnit('ExecStart')).toBe('/opt/bulkhead/bulkhead start')
    const variables = ofUnit('Environment')!.split(' ')
    expect(unknownIn(variables.map((one) => one.split('=')[0]!))).toEqual([])
    expect(variables).toContain(`BULKHEAD_DATA_DIR=/var/lib/${ofUnit('StateDirectory')}`)
    expect(variables).toContain(`NODE_COMPILE_CACHE=/var/cache/${ofUnit('CacheDirectory')}`)
    expect(Number(ofUnit('TimeoutStopSec')) * 1000).toBeGreaterThan(longestStop)
  })
})
