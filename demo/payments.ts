import { UpdateEntity } from '#contract/data/entities'
import { AddMember } from '#contract/members/members'
import { CreateRepoLink } from '#contract/projects/repo-links'
import { CreateToken } from '#contract/tokens/tokens'
import { addCellMember } from '#domain/data/cell-members'
import { createEntity, listEntities, updateEntity } from '#domain/data/entities'
import { createEnvironment } from '#domain/projects/environments'
import { addMember, removeMember, setCellScopes, updateMember } from '#domain/members/members'
import { createProject, setProtection, updateProject } from '#domain/projects/projects'
import { createRepoLink } from '#domain/projects/repo-links'
import { applySampleCatalog, fillWithSample } from '#demo/sample/fill'
import { createToken, revokeToken, rotateToken } from '#domain/tokens/tokens'
import { inDays, type Stage } from './stage.ts'

const slug = 'payments'
/** The strict project: three environments, protected, and every member limited to a part of it. */
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
  await applySampleCatalog(aiko)
  const entities = [
    await fillWithSample(aiko, 'production', { services: 144, databases: 42 }),
    await fillWithSample(aiko, 'staging', { services: 24, databases: 6 }),
    await fillWithSample(aiko, 'default', { services: 8, databases: 0 }),
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
  await createToken(aiko, { ...CreateToken.parse({ name: 'jenkins (old)' }), expiresAt: inDays(-4) })
  const grafana = await createToken(aiko, CreateToken.parse({ name: 'grafana', role: 'viewer' }))
  await rotateToken(aiko, grafana.id, { overlapSeconds: 86_400 })
  const leaked = await createToken(aiko, CreateToken.parse({ name: 'contractor laptop' }))
  await revokeToken(jonas, leaked.id)

  await work(stage)
  await setProtection(jonas, { protected: true, reason: 'Live card traffic. Ask Jonas or Mara first.' })
  return entities.reduce((sum, n) => sum + n, 1)
}

/** An ordinary day of members who may each change only a part. */
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
