import { CreateCell } from '#contract/cells'
import { CreateEntityType } from '#contract/entity-types'
import { mostly, type Spec, turn } from './bulk.ts'

const zones = ['eu-west-1', 'us-east-1', 'eu-central-1', 'ap-south-1', 'us-west-2', 'ap-northeast-1'] as const
const regions = { eu: 'Europe', us: 'United States', ap: 'Asia Pacific' }

export const service = CreateEntityType.parse({
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

export const database = CreateEntityType.parse({
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

export const cells = [
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

export function services(count: number): Spec[] {
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

export function databases(count: number): Spec[] {
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
