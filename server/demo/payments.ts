import { CreateCell } from '#contract/cells'
import { UpdateEntity } from '#contract/entities'
import { CreateEntityType } from '#contract/entity-types'
import { AddMember } from '#contract/members'
import { CreateRepoLink } from '#contract/repo-links'
import { CreateToken } from '#contract/tokens'
import { addCellMember } from '#domain/cell-members'
import { createCell } from '#domain/cells'
import { createEntity, listEntities, updateEntity } from '#domain/entities'
import { createEntityType } from '#domain/entity-types'
import { createEnvironment } from '#domain/environments'
import { addMember, removeMember, setCellScopes, updateMember } from '#domain/members'
import { createProject, setProtection, updateProject } from '#domain/projects'
import { createRepoLink } from '#domain/repo-links'
import { createToken, revokeToken, rotateToken } from '#domain/tokens'
import { insertMany, mostly, type Spec, turn } from './bulk.ts'
import { inDays, type Stage } from './stage.ts'

const slug = 'payments'
const zones = ['eu-west-1', 'us-east-1', 'eu-central-1', 'ap-south-1', 'us-west-2', 'ap-northeast-1'] as const
const regions = { eu: 'Europe', us: 'United States', ap: 'Asia Pacific' }

const service = CreateEntityType.parse({
  name: 'service',
  displayName: 'Service',
  states: ['provisioning', 'degraded', 'draining', 'retired'],
  initialState: 'provisioning',
  properties: [
    { name: 'zone', type: 'string', required: true, title: 'Availability zone' },
    { name: 'team', type: 'string', enum: ['checkout', 'ledger', 'risk', 'platform'], default: 'platform' },
    { name: 'version', type: 'string' },
    { name: 'replicas', type: 'integer', default: 2 },
    { name: 'public', type: 'boolean', default: false },
    { name: 'channel', type: 'string', enum: ['stable', 'canary'], default: 'stable' },
  ],
  metrics: [
    { name: 'cpu', unit: 'cores' },
    { name: 'requests', unit: '1/s' },
  ],
  constraints: [{ metric: 'cpu', max: 64 }],
})

const database = CreateEntityType.parse({
  name: 'database',
  displayName: 'Database',
  states: ['provisioning', 'failing-over', 'read-only'],
  initialState: 'provisioning',
  properties: [
    { name: 'zone', type: 'string', required: true, title: 'Availability zone' },
    { name: 'engine', type: 'string', enum: ['postgres-17', 'postgres-18', 'valkey-8'], default: 'postgres-18' },
    { name: 'role', type: 'string', enum: ['primary', 'replica'], default: 'replica' },
    { name: 'sizeGb', type: 'integer', title: 'Size (GB)' },
  ],
})

const cells = [
  ...Object.entries(regions).map(([name, displayName]) => ({ name, displayName, entityType: 'service' })),
  ...zones.map((name) => ({
    name,
    entityType: 'service',
    parentCells: [name.slice(0, 2)],
    membership: { derivedFrom: { property: 'zone' } },
    constraints: [{ metric: 'cpu', aggregate: 'sum', max: 512 }],
  })),
  { name: 'pci', displayName: 'Cardholder data', entityType: 'service', placementPolicy: 'round-robin' },
  { name: 'canary', displayName: 'Canary releases', entityType: 'service', membership: { derivedFrom: { property: 'channel' } } },
  { name: 'databases', displayName: 'All databases', entityType: 'database' },
  {
    name: 'primaries',
    entityType: 'database',
    parentCells: ['databases'],
    membership: { derivedFrom: { property: 'role', values: ['primary'] } },
  },
  {
    name: 'replicas',
    entityType: 'database',
    parentCells: ['databases'],
    membership: { derivedFrom: { property: 'role', values: ['replica'] } },
  },
].map((cell) => CreateCell.parse(cell))

const apps = [
  'checkout-api',
  'card-vault',
  'ledger',
  'fraud-score',
  'payout-runner',
  'webhook-relay',
  'fx-rates',
  'statements',
] as const
const team = {
  'checkout-api': 'checkout',
  'card-vault': 'risk',
  ledger: 'ledger',
  'fraud-score': 'risk',
  'payout-runner': 'ledger',
} as const

function services(count: number): Spec[] {
  return Array.from({ length: count }, (_, i) => {
    const app = turn(apps, i)
    const number = Math.floor(i / apps.length) + 1
    return {
      entityType: 'service',
      name: `${app}-${String(number).padStart(2, '0')}`,
      state: mostly('active', ['degraded', 'draining', 'provisioning', 'failed'], i),
      properties: {
        zone: turn(zones, i + number),
        team: team[app as keyof typeof team] ?? 'platform',
        version: `4.${12 + (i % 3)}.${i % 7}`,
        replicas: 2 + (i % 5),
        public: app === 'checkout-api' || app === 'webhook-relay',
        channel: i % 11 === 5 ? 'canary' : 'stable',
      },
      labels: { app, tier: i % 3 === 0 ? 'critical' : 'standard' },
      cells: app === 'card-vault' ? ['pci'] : [],
    }
  })
}

function databases(count: number): Spec[] {
  const stores = ['ledger', 'vault', 'risk'] as const
  return Array.from({ length: count }, (_, i) => ({
    entityType: 'database',
    name: `${turn(stores, i)}-db-${Math.floor(i / stores.length) + 1}`,
    state: mostly('active', ['read-only', 'failing-over'], i),
    properties: {
      zone: turn(zones, i),
      engine: i % 6 === 4 ? 'valkey-8' : i % 4 === 1 ? 'postgres-17' : 'postgres-18',
      role: i < stores.length ? 'primary' : 'replica',
      sizeGb: 100 * (1 + (i % 8)),
    },
    labels: { store: turn(stores, i) },
  }))
}

/** The careful one: three environments, everybody narrowed to his part, and protected. */
export async function stagePayments(stage: Stage): Promise<number> {
  const { idOf, inProject } = stage
  await createProject(await stage.inOrganization('mara'), { name: 'Payments', slug })
  const mara = await inProject('mara', slug)
  await addMember(mara, AddMember.parse({ userId: idOf('jonas'), role: 'owner' }))

  const jonas = await inProject('jonas', slug)
  for (const name of ['staging', 'production']) await createEnvironment(jonas, { name })
  await addMember(jonas, AddMember.parse({ userId: idOf('aiko'), role: 'member' }))
  await updateMember(jonas, idOf('aiko'), { role: 'admin' })
  const metadata = {
    team: 'payments',
    tier: 1,
    oncall: 'payments-primary',
    slack: '#payments',
    compliance: ['PCI DSS 4.0', 'SOC 2'],
  }
  await updateProject(jonas, { name: 'Payments', metadata })

  const aiko = await inProject('aiko', slug)
  for (const type of [service, database]) await createEntityType(aiko, type)
  for (const cell of cells) await createCell(aiko, cell)
  const entities = [
    await insertMany(aiko, 'production', [...services(64), ...databases(18)]),
    await insertMany(aiko, 'staging', [...services(24), ...databases(6)]),
    await insertMany(aiko, 'default', services(8)),
  ]

  await addMember(aiko, AddMember.parse({ userId: idOf('samuel'), envName: 'staging' }))
  await addMember(aiko, AddMember.parse({ userId: idOf('chloe'), cellScopes: ['eu'] }))
  await setCellScopes(aiko, idOf('chloe'), { cellScopes: ['eu', 'pci'] })
  await addMember(aiko, AddMember.parse({ userId: idOf('daniel'), role: 'viewer', expiresAt: inDays(14) }))
  await addMember(aiko, AddMember.parse({ userId: idOf('leila'), role: 'viewer', envName: 'production', cellScopes: ['us'] }))
  await addMember(aiko, AddMember.parse({ userId: idOf('grace'), role: 'viewer' }))
  await removeMember(aiko, idOf('grace'))

  await createRepoLink(aiko, CreateRepoLink.parse({ provider: 'github', repository: 'acme-fleet/payments', path: '/deploy' }))
  await createRepoLink(
    aiko,
    CreateRepoLink.parse({ provider: 'github', repository: 'acme-fleet/terraform-live', branch: 'production' }),
  )
  await createToken(aiko, CreateToken.parse({ name: 'terraform', role: 'admin', expiresAt: inDays(180) }))
  await createToken(aiko, CreateToken.parse({ name: 'deploy-production', envName: 'production', expiresAt: inDays(90) }))
  await createToken(aiko, CreateToken.parse({ name: 'eu-rollout', envName: 'production', cellScopes: ['eu'] }))
  await createToken(aiko, CreateToken.parse({ name: 'jenkins (old)', expiresAt: inDays(-20) }))
  const grafana = await createToken(aiko, CreateToken.parse({ name: 'grafana', role: 'viewer' }))
  await rotateToken(aiko, grafana.id, { overlapSeconds: 86_400 })
  const leaked = await createToken(aiko, CreateToken.parse({ name: 'laptop of a contractor' }))
  await revokeToken(jonas, leaked.id)

  await work(stage)
  await setProtection(jonas, { protected: true, reason: 'Live card traffic. Ask Jonas or Mara first.' })
  return entities.reduce((sum, n) => sum + n, 1)
}

/** An ordinary day of people who may each touch a part of it. */
async function work({ inProject }: Stage): Promise<void> {
  const samuel = await inProject('samuel', slug)
  const properties = { zone: 'eu-west-1', team: 'checkout', version: '5.0.0-rc.1', replicas: 1, channel: 'canary' }
  await createEntity(samuel, 'staging', {
    kind: 'Entity',
    entityType: 'service',
    name: 'checkout-next',
    properties,
    labels: { app: 'checkout-api' },
  })
  await updateEntity(samuel, 'staging', 'checkout-next', {}, UpdateEntity.parse({ state: 'active' }))

  const chloe = await inProject('chloe', slug)
  const { items } = await listEntities(chloe, 'production', { entityType: 'service', cell: 'eu', limit: 4 })
  for (const entity of items) await addCellMember(chloe, { envName: 'production', name: 'pci', entityId: entity.id })
  await updateEntity(chloe, 'production', items[0]!.id, {}, UpdateEntity.parse({ state: 'draining' }))
}
