import { zones } from './catalog.ts'
import { mostly, turn, two } from './variety.ts'

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
const stores = ['ledger', 'vault', 'risk'] as const

const numberOf = (names: readonly string[], i: number) => Math.floor(i / names.length) + 1
const serviceName = (i: number) => `${turn(apps, i)}-${two(numberOf(apps, i))}`
const databaseName = (i: number) => `${turn(stores, i)}-db-${numberOf(stores, i)}`
const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))

function serviceAt(i: number) {
  const app = turn(apps, i)
  return {
    kind: 'Entity',
    entityType: 'service',
    name: serviceName(i),
    state: mostly('active', ['degraded', 'draining', 'provisioning', 'failed'], i),
    properties: {
      zone: turn(zones, i + numberOf(apps, i)),
      team: team[app as keyof typeof team] ?? 'platform',
      version: `4.${12 + (i % 3)}.${i % 7}`,
      replicas: 2 + (i % 5),
      public: app === 'checkout-api' || app === 'webhook-relay',
      channel: i % 11 === 5 ? 'canary' : 'stable',
    },
    labels: { app, tier: i % 3 === 0 ? 'critical' : 'standard' },
  }
}

/** The first of each store is its primary. */
const databaseAt = (i: number) => ({
  kind: 'Entity',
  entityType: 'database',
  name: databaseName(i),
  state: mostly('active', ['read-only', 'failing-over'], i),
  properties: {
    zone: turn(zones, i),
    engine: i % 6 === 4 ? 'valkey-8' : i % 4 === 1 ? 'postgres-17' : 'postgres-18',
    role: i < stores.length ? 'primary' : 'replica',
    sizeGb: 100 * (1 + (i % 8)),
  },
  labels: { store: turn(stores, i) },
})

const dependsOn = (i: number, on: number) => ({
  kind: 'Relationship',
  relationshipType: 'depends-on',
  from: serviceName(i),
  to: serviceName(on),
  state: mostly('healthy', ['degraded', 'cut-off'], i + on),
  properties: { timeoutMs: 250 * (1 + (i % 4)) },
})

const storesIn = (i: number, database: number) => ({
  kind: 'Relationship',
  relationshipType: 'stores-in',
  from: serviceName(i),
  to: databaseName(database),
  state: i % 17 === 4 ? 'migrating' : 'active',
  properties: { connections: 5 + (i % 4) * 5 },
})

const replicatesTo = (i: number) => ({
  kind: 'Relationship',
  relationshipType: 'replicates-to',
  from: databaseName(i % stores.length),
  to: databaseName(i),
  state: mostly('in-sync', ['lagging'], i),
})

export type Size = { services: number; databases: number }

/** Entities of one environment and their relationships, as documents to apply. */
export function sampleData({ services, databases }: Size) {
  const onNext = times(services - 1, (i) => dependsOn(i, i + 1))
  const further = times(services, (i) => ({ i, on: (i * 5 + 3) % services }))
  return [
    ...times(services, serviceAt),
    ...times(databases, databaseAt),
    ...onNext,
    ...further.filter(({ i, on }) => i % 2 === 0 && on !== i && on !== i + 1).map(({ i, on }) => dependsOn(i, on)),
    ...times(services, (i) => i)
      .filter((i) => databases > 0 && i % 3 !== 2)
      .map((i) => storesIn(i, (i * 5) % databases)),
    ...times(databases, (i) => i)
      .filter((i) => i >= stores.length)
      .map(replicatesTo),
  ]
}

/** Metrics of every fifth service. */
export const sampleMetrics = ({ services }: Size) =>
  times(Math.ceil(services / 5), (n) => ({ i: n * 5, name: serviceName(n * 5) })).map(({ i, name }) => ({
    name,
    metrics: { cpu: 28 + ((i * 3) % 33), requests: 900 + ((i * 137) % 2600) },
  }))

/** Services that are put into the cell `pci` by hand. */
export const cardholderServices = ({ services }: Size) =>
  times(services, serviceName).filter((name) => name.startsWith('card-vault'))
