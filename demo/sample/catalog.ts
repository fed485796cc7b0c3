/** Availability zones; each name begins with its region. */
export const zones = ['eu-west-1', 'us-east-1', 'eu-central-1', 'ap-south-1', 'us-west-2', 'ap-northeast-1'] as const
const regions = { eu: 'Europe', us: 'United States', ap: 'Asia Pacific' }

const service = {
  kind: 'EntityType',
  name: 'service',
  displayName: 'Service',
  states: ['provisioning', 'degraded', 'draining', 'retired'],
  initialState: 'provisioning',
  properties: [
    { name: 'zone', type: 'string', required: true, title: 'Availability zone' },
    { name: 'team', type: 'string', enum: ['checkout', 'ledger', 'risk', 'platform'], default: 'platform' },
    { name: 'version', type: 'string' },
    { name: 'replicas', type: 'integer', default: 2 },
    { name: 'public', type: 'boolean', default: false, description: 'Reachable from the internet.' },
    { name: 'channel', type: 'string', enum: ['stable', 'canary'], default: 'stable' },
  ],
  metrics: [{ name: 'cpu', unit: 'cores' }, { name: 'requests', unit: '1/s' }, counted('dependencies', 'depends-on')],
  constraints: [{ metric: 'cpu', max: 64 }],
}

const database = {
  kind: 'EntityType',
  name: 'database',
  displayName: 'Database',
  states: ['provisioning', 'failing-over', 'read-only'],
  initialState: 'provisioning',
  properties: [
    { name: 'zone', type: 'string', required: true, title: 'Availability zone' },
    { name: 'engine', type: 'string', enum: ['postgres-17', 'postgres-18', 'valkey-8'], default: 'postgres-18' },
    { name: 'role', type: 'string', enum: ['primary', 'replica'], default: 'replica' },
    { name: 'sizeGb', type: 'integer', title: 'Size (GB)' },
    { name: 'maxConnections', type: 'integer', title: 'Maximum connections', default: 400 },
  ],
  metrics: [counted('clients', 'stores-in')],
  constraints: [{ metric: 'clients', max: 40 }],
}

/** Counts an entity's relationships of one type. */
function counted(name: string, relationshipType: string) {
  return { name, source: { type: 'derived', derivedFrom: 'relationship-count', filter: { relationshipType } } }
}

const cells = [
  ...Object.entries(regions).map(([name, displayName]) => ({ name, displayName, entityType: 'service' })),
  ...zones.map((name) => ({
    name,
    entityType: 'service',
    parentCells: [name.slice(0, 2)],
    membership: { derivedFrom: { property: 'zone' } },
    constraints: [{ metric: 'cpu', aggregate: 'sum', max: 288 }],
  })),
  { name: 'pci', displayName: 'Cardholder data', entityType: 'service', placementPolicy: 'round-robin' },
  { name: 'canary', displayName: 'Canary releases', entityType: 'service', membership: { derivedFrom: { property: 'channel' } } },
  {
    name: 'databases',
    displayName: 'All databases',
    entityType: 'database',
    constraints: [{ metric: 'clients', aggregate: 'avg', max: 20 }],
  },
  ...['primary', 'replica'].map((role) => ({
    name: role === 'primary' ? 'primaries' : 'replicas',
    entityType: 'database',
    parentCells: ['databases'],
    membership: { derivedFrom: { property: 'role', values: [role] } },
  })),
]

const relationshipTypes = [
  {
    name: 'depends-on',
    displayName: 'Depends on',
    from: 'service',
    to: 'service',
    states: ['healthy', 'degraded', 'cut-off'],
    properties: [{ name: 'timeoutMs', type: 'integer', title: 'Timeout (ms)', default: 500 }],
  },
  {
    name: 'stores-in',
    displayName: 'Stores in',
    from: 'service',
    to: 'database',
    cardinality: 'many-to-one',
    states: ['active', 'migrating'],
    properties: [{ name: 'connections', type: 'integer', default: 10 }],
    constraints: [{ type: 'property-sum', property: 'connections', leq: '{{ to.properties.maxConnections }}' }],
  },
  {
    name: 'replicates-to',
    displayName: 'Replicates to',
    from: 'database',
    to: 'database',
    cardinality: 'one-to-many',
    states: ['in-sync', 'lagging'],
  },
]

const secrets = [
  { name: 'acquirer-api-key', description: 'Signs requests to the card acquirer' },
  { name: 'ledger-db-password', description: 'Password of the ledger’s database user' },
  { name: 'webhook-signing-key', description: 'Signs webhooks to merchants' },
]

/** A catalog to explore: two entity types, a hierarchy of cells with limits, three relationship types, and slots for secrets. */
export const sampleCatalog = [
  service,
  database,
  ...cells.map((cell) => ({ kind: 'Cell', ...cell })),
  ...relationshipTypes.map((type) => ({ kind: 'RelationshipType', ...type })),
  ...secrets.map((secret) => ({ kind: 'Secret', ...secret })),
]
