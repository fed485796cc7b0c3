import type { PageQuery } from '#contract/common'
import type { CreateSecret, PutSecret, Secret } from '#contract/catalog/secrets'
import type { Trx } from '#db/client'
import type { Generation } from '#db/queries/project-rows'
import * as rows from '#db/queries/catalog/secrets'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { environmentToRead, environmentToWrite } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import { type Page, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { sealSecret } from './secret-values.ts'
import { assertSameName, pageAfter } from './names.ts'
import { storedName } from '../stored-names.ts'
import { assertMatches } from '../versions.ts'
import { reading, writingProject } from '../writing.ts'

const present = (row: rows.SecretRow): Secret => ({
  kind: 'Secret',
  name: row.name,
  description: row.description,
  hasValue: row.value_set_at !== null,
  valueSetAt: row.value_set_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const notFound = (name: string) => new DomainError('secret_not_found', `There is no secret named ${name}`)

export async function listSecrets(context: ProjectContext, envName: string, query: PageQuery): Promise<Page<Secret>> {
  assertCan(context, 'secrets:read')
  const environment = await environmentToRead(context, envName)
  const found = await rows.listSecrets(context.db, reading(context), environment.id, pageAfter(query))
  return toPage(found, query.limit, (row) => [row.created_at, row.name], present)
}

export async function getSecret(context: ProjectContext, envName: string, asked: string): Promise<Secret> {
  assertCan(context, 'secrets:read')
  const name = await storedName(context.db, reading(context), 'secrets', asked)
  const environment = await environmentToRead(context, envName)
  const row = await rows.findSecret(context.db, reading(context), environment.id, name)
  if (!row) throw notFound(name)
  return present(row)
}

/** The slot belongs to the project and holds a value for each environment. */
export async function createSecret(context: ProjectContext, envName: string, input: CreateSecret): Promise<Secret> {
  assertCan(context, 'secrets:write')
  await assertRoomForRows(context)
  return writingProject(context, async (trx, _, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    if (await rows.findSecret(trx, at, environment.id, await storedName(trx, at, 'secrets', input.name))) {
      throw new DomainError('secret_exists', `There is already a secret named ${input.name}. Choose another name`)
    }
    await rows.upsertSecrets(trx, at, [{ name: input.name, description: input.description }])
    const secret = await reread(trx, at, environment.id, input.name)
    await audit(trx, context, 'secret.created', { kind: 'secret', id: input.name }, { after: secret })
    return secret
  })
}

export async function replaceSecret(context: ProjectContext, envName: string, asked: string, input: PutSecret): Promise<Secret> {
  assertCan(context, 'secrets:write')
  const name = await storedName(context.db, reading(context), 'secrets', asked)
  assertSameName('A secret', name, input.name)
  return writingProject(context, async (trx, _, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const before = await reread(trx, at, environment.id, name)
    assertMatches(context, before)
    await rows.upsertSecrets(trx, at, [{ name, description: input.description }])
    const after = await reread(trx, at, environment.id, name)
    await audit(trx, context, 'secret.updated', { kind: 'secret', id: name }, { before, after })
    return after
  })
}

export async function deleteSecret(
  context: ProjectContext,
  envName: string,
  asked: string,
): Promise<{ deleted: true; name: string }> {
  assertCan(context, 'secrets:write')
  const name = await storedName(context.db, reading(context), 'secrets', asked)
  return writingProject(context, async (trx, _, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const before = await reread(trx, at, environment.id, name)
    assertMatches(context, before)
    await rows.deleteSecrets(trx, at, [name])
    await audit(trx, context, 'secret.deleted', { kind: 'secret', id: name }, { before })
    return { deleted: true, name }
  })
}

/** The value never leaves: not in an answer, an audit event or a log. */
export async function setSecretValue(
  context: ProjectContext,
  envName: string,
  asked: string,
  { value }: { value: string },
): Promise<Secret> {
  assertCan(context, 'secrets:set-value')
  const name = await storedName(context.db, reading(context), 'secrets', asked)
  return writingProject(context, async (trx, _, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    await reread(trx, at, environment.id, name)
    const { keyId, sealed } = sealSecret(value, { projectId: context.project.id, secret: name, envId: environment.id })
    await rows.setSecretValue(trx, at, { secret: name, env_id: environment.id, key_id: keyId, sealed })
    await audit(trx, context, 'secret.value-set', { kind: 'secret', id: name }, { after: { envName } })
    return reread(trx, at, environment.id, name)
  })
}

export async function deleteSecretValue(context: ProjectContext, envName: string, asked: string): Promise<Secret> {
  assertCan(context, 'secrets:set-value')
  const name = await storedName(context.db, reading(context), 'secrets', asked)
  return writingProject(context, async (trx, _, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const before = await reread(trx, at, environment.id, name)
    if (!before.hasValue) return before
    await rows.deleteSecretValue(trx, at, name, environment.id)
    await audit(trx, context, 'secret.value-deleted', { kind: 'secret', id: name }, { before: { envName } })
    return reread(trx, at, environment.id, name)
  })
}

async function reread(trx: Trx, at: Generation, envId: string, name: string): Promise<Secret> {
  const row = await rows.findSecret(trx, at, envId, name)
  if (!row) throw notFound(name)
  return present(row)
}
