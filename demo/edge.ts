import { CreateCell } from '#contract/catalog/cells'
import { UpdateEntity } from '#contract/data/entities'
import { CreateEntityType } from '#contract/catalog/entity-types'
import { AddMember } from '#contract/members/members'
import { CreateRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRepoLink } from '#contract/projects/repo-links'
import { CreateToken } from '#contract/tokens/tokens'
import { createCell } from '#domain/catalog/cells'
import type { ProjectContext } from '#domain/context'
import { deleteEntity, listEntities, pushMetrics, updateEntity } from '#domain/data/entities'
import { createEntityType } from '#domain/catalog/entity-types'
import { createEnvironment } from '#domain/projects/environments'
import { addMember } from '#domain/members/members'
import { createProject, updateProject } from '#domain/projects/projects'
import { createRelationshipType } from '#domain/catalog/relationship-types'
import { createRepoLink } from '#domain/projects/repo-links'
import { type Spec, applyWhole, fillWith } from '#demo/sample/fill'
import { mostly, turn, two } from '#demo/sample/variety'
import { createToken } from '#domain/tokens/tokens'
import { inDays, type Stage } from './stage.ts'

const slug = 'edge'
const continents = {
  europe: ['ams', 'fra', 'lhr', 'waw'],
  americas: ['iad', 'sjc', 'gru'],
  asia: ['sin', 'nrt', 'bom'],
} as const
const pops = Object.values(continents).flat()

const node = CreateEntityType.parse({
  name: 'node',
  displayName: 'Edge node',
  states: ['booting', 'draining', 'drained', 'quarantined'],
  initialState: 'booting',
  properties: [
    { name: 'pop', type: 'string', required: true, title: 'Point of presence' },
    { name: 'hardware', type: 'string', enum: ['gen-11', 'gen-12'], default: 'gen-12' },
    { name: 'rack', type: 'integer' },
    { name: 'image', type: 'string' },
  ],
  metrics: [
    { name: 'bandwidth', unit: 'Gbit/s' },
    {
      name: 'certificates',
      source: { type: 'derived', derivedFrom: 'relationship-count', filter: { relationshipType: 'serves', states: ['live'] } },
    },
  ],
  constraints: [{ metric: 'bandwidth', max: 100 }],
})

const certificate = CreateEntityType.parse({
  name: 'certificate',
  displayName: 'Certificate',
  states: ['issued', 'revoked'],
  initialState: 'issued',
  properties: [
    { name: 'domain', type: 'string', required: true },
    { name: 'issuer', type: 'string', default: 'Let’s Encrypt' },
    { name: 'renewal', type: 'string', enum: ['ok', 'due', 'overdue'], default: 'ok' },
  ],
})

const cells = [
  ...Object.keys(continents).map((name) => ({ name, entityType: 'node' })),
  ...Object.entries(continents).flatMap(([continent, names]) =>
    names.map((name) => ({
      name,
      displayName: name.toUpperCase(),
      entityType: 'node',
      parentCells: [continent],
      membership: { derivedFrom: { property: 'pop' } },
    })),
  ),
  {
    name: 'tier-1',
    displayName: 'Tier 1 sites',
    entityType: 'node',
    constraints: [{ metric: 'bandwidth', aggregate: 'sum', max: 720 }],
  },
  {
    name: 'renew-now',
    displayName: 'To renew',
    entityType: 'certificate',
    membership: { derivedFrom: { property: 'renewal', values: ['due', 'overdue'] } },
  },
].map((cell) => CreateCell.parse(cell))

function nodes(count: number): Spec[] {
  return Array.from({ length: count }, (_, i) => {
    const pop = turn(pops, i)
    const rack = Math.floor(i / pops.length) + 1
    return {
      entityType: 'node',
      name: `${pop}-edge-${two(rack)}`,
      state: mostly('active', ['draining', 'quarantined', 'booting'], i),
      properties: { pop, hardware: rack % 3 === 0 ? 'gen-11' : 'gen-12', rack, image: `edge-2026.${40 + (i % 4)}` },
      labels: { pop, anycast: i % 2 === 0 ? 'yes' : 'no' },
      cells: ['ams', 'fra', 'iad', 'sin'].includes(pop) && rack <= 2 ? ['tier-1'] : [],
    }
  })
}

function certificates(count: number): Spec[] {
  const hosts = ['www', 'api', 'pay', 'status', 'cdn', 'img'] as const
  return Array.from({ length: count }, (_, i) => {
    const domain = `${turn(hosts, i)}.shop-${two(Math.floor(i / hosts.length) + 1)}.example`
    const renewal = i % 8 === 2 ? 'due' : i % 13 === 7 ? 'overdue' : 'ok'
    return { entityType: 'certificate', name: domain, state: 'issued', properties: { domain, issuer: 'Let’s Encrypt', renewal } }
  })
}

const serves = CreateRelationshipType.parse({
  name: 'serves',
  displayName: 'Serves',
  from: 'node',
  to: 'certificate',
  states: ['live', 'rolling-out', 'withdrawn'],
  properties: [{ name: 'protocol', type: 'string', enum: ['h2', 'h3'], default: 'h3' }],
})

/** Each certificate is used by three sites. */
const served = certificates(42).flatMap(({ name }, i) =>
  [0, 3, 7].map((step) => ({
    kind: 'Relationship',
    relationshipType: 'serves',
    from: `${turn(pops, i + step)}-edge-${two(1 + (i % 4))}`,
    to: name,
    state: mostly('live', ['rolling-out', 'withdrawn'], i + step),
  })),
)

const secrets = [
  { kind: 'Secret', name: 'acme-account-key', description: 'The account that orders certificates' },
  { kind: 'Secret', name: 'bgp-session-password', description: 'Shared with the transit providers' },
]

/** Nodes of the large sites run near their capacity. */
async function pushBandwidth(context: ProjectContext): Promise<void> {
  const { items } = await listEntities(context, 'production', { cell: 'tier-1', limit: 100 })
  for (const [i, { id }] of items.entries()) {
    await pushMetrics(context, 'production', id, {}, { metrics: { bandwidth: 74 + ((i * 11) % 25) } })
  }
}

/** Many small sites, run by a few people, some of them temporarily. */
export async function stageEdge(stage: Stage): Promise<number> {
  const { idOf, inProject } = stage
  await createProject(await stage.inOrganization('priya'), { name: 'Edge network', slug })
  await addMember(await inProject('priya', slug), AddMember.parse({ userId: idOf('marek'), role: 'owner' }))

  const marek = await inProject('marek', slug)
  for (const name of ['staging', 'production']) await createEnvironment(marek, { name })
  await updateProject(marek, { name: 'Edge network', metadata: { team: 'edge', tier: 1, asn: 64_512, sites: pops.length } })
  await addMember(marek, AddMember.parse({ userId: idOf('ingrid'), role: 'admin', expiresAt: inDays(30) }))
  await addMember(marek, AddMember.parse({ userId: idOf('aiko'), role: 'member' }))
  await addMember(marek, AddMember.parse({ userId: idOf('ravi'), role: 'member', envName: 'production', cellScopes: ['asia'] }))
  await addMember(marek, AddMember.parse({ userId: idOf('daniel'), role: 'viewer', cellScopes: [] }))

  for (const type of [node, certificate]) await createEntityType(marek, type)
  for (const cell of cells) await createCell(marek, cell)
  await createRelationshipType(marek, serves)
  const entities = [
    await fillWith(marek, 'production', [...nodes(90), ...certificates(42)]),
    await fillWith(marek, 'staging', nodes(20)),
    await fillWith(marek, 'default', nodes(5)),
  ]

  await applyWhole(marek, 'production', [...secrets, ...served])
  await pushBandwidth(marek)

  const ingrid = await inProject('ingrid', slug)
  await createRepoLink(ingrid, CreateRepoLink.parse({ provider: 'gitlab', repository: 'acme-fleet/edge-config' }))
  await createToken(ingrid, CreateToken.parse({ name: 'node-agent', envName: 'production', expiresAt: inDays(29) }))
  await createToken(marek, CreateToken.parse({ name: 'certbot', role: 'member' }))
  await createToken(marek, CreateToken.parse({ name: 'asia-noc', role: 'viewer', cellScopes: ['asia'], expiresAt: inDays(7) }))

  const ravi = await inProject('ravi', slug)
  await updateEntity(ravi, 'production', 'sin-edge-02', {}, UpdateEntity.parse({ state: 'draining' }))
  await updateEntity(ravi, 'production', 'nrt-edge-01', {}, UpdateEntity.parse({ state: 'quarantined' }))
  await deleteEntity(await inProject('aiko', slug), 'staging', 'waw-edge-02', {})
  return entities.reduce((sum, n) => sum + n, -1)
}
