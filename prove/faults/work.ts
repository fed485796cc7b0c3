import { randomBytes } from 'node:crypto'
import { newId } from '#domain/ids'
import type { Stage } from '#test/support/world/cast'
import type { Insist } from './stubborn.ts'

/** What was acknowledged, and therefore must exist. */
export type Ledger = {
  entities: Set<string>
  applies: Set<string>
  /** By user: the role, or null for a person who is not a member. */
  roles: Map<string, string | null>
  /** Live rows of `entities` in the project that is nuked and undone. */
  live: number
  wrong: string[]
}

export const newLedger = (): Ledger => ({ entities: new Set(), applies: new Set(), roles: new Map(), live: 0, wrong: [] })

/** Entities in one apply: enough to take a while. */
export const BATCH = 40

type At = { insist: Insist; owner: string; ledger: Ledger }
type Step = () => Promise<void>

const properties = [{ name: 'text', type: 'string' }]
const type = { kind: 'EntityType', name: 'server', states: ['active'], initialState: 'active', properties }

const batchOf = (prefix: string) =>
  Array.from({ length: BATCH }, (_, i) => ({ kind: 'Entity', entityType: 'server', name: `${prefix}-${i}` }))

/** The contents of an empty project, in one apply. */
export const filling = [type, ...batchOf('e')]

function expectStatus({ ledger }: At, what: string, { status, text }: { status: number; text: string }, ...may: number[]): void {
  if (!may.includes(status)) ledger.wrong.push(`${what}: ${status} ${text.slice(0, 200)}`)
}

export async function furnish(at: At, { slug }: Stage): Promise<void> {
  expectStatus(at, 'type', await at.insist(at.owner, `POST /acme/${slug}/entity-types`, { json: type }), 201)
}

export const entityWriter = (at: At, { slug }: Stage): Step =>
  async function write() {
    const name = `one-${newId()}`
    const json = { entityType: 'server', name, properties: { text: randomBytes(4000).toString('base64') } }
    const answer = await at.insist(at.owner, `POST /acme/${slug}/envs/default/entities`, { json })
    expectStatus(at, 'entity', answer, 201)
    at.ledger.entities.add(name)
  }

/** All or none. */
export const applier = (at: At, { slug }: Stage): Step =>
  async function write() {
    const prefix = `many-${newId()}`
    const json = { items: batchOf(prefix) }
    const answer = await at.insist(at.owner, `POST /acme/${slug}/envs/default/apply`, { json })
    expectStatus(at, 'apply', answer, 200)
    at.ledger.applies.add(prefix)
  }

/**
 * Adds, changes and removes one person after the other. An unanswered request may have been done, so a repetition may find it
 * done.
 */
export function memberChanger(at: At, { slug }: Stage, people: string[]): Step {
  const all = `/orgs/acme/projects/${slug}/members`
  let turn = 0
  return async function change() {
    const userId = people[turn++ % people.length]!
    const role = at.ledger.roles.get(userId) ?? null
    if (role === null) {
      expectStatus(at, 'add', await at.insist(at.owner, `POST ${all}`, { json: { userId, role: 'viewer' } }), 201)
      at.ledger.roles.set(userId, 'viewer')
    } else if (role === 'viewer') {
      expectStatus(at, 'change', await at.insist(at.owner, `PATCH ${all}/${userId}`, { json: { role: 'member' } }), 200)
      at.ledger.roles.set(userId, 'member')
    } else {
      expectStatus(at, 'remove', await at.insist(at.owner, `DELETE ${all}/${userId}`), 200, 404)
      at.ledger.roles.set(userId, null)
    }
  }
}

type Receipt = { id: string; state: string; rowCounts: { entities: number } }

/** Fills, nukes and restores one project. */
export function nuker(at: At, { slug }: Stage): Step {
  return async function nuke() {
    if (at.ledger.live === 0) {
      const json = { items: filling }
      expectStatus(at, 'fill', await at.insist(at.owner, `POST /acme/${slug}/envs/default/apply`, { json }), 200)
    }
    at.ledger.live = BATCH
    expectStatus(at, 'nuke', await at.insist(at.owner, `DELETE /acme/${slug}/nuke`), 200)
    at.ledger.live = 0
    const { body } = await at.insist<Receipt[]>(at.owner, `GET /orgs/acme/projects/${slug}/wipes`)
    const last = body[0]
    if (last?.state !== 'restorable' || last.rowCounts.entities !== BATCH)
      return void at.ledger.wrong.push(`the receipt of a nuke says ${JSON.stringify(last)}`)
    const undo = await at.insist(at.owner, `POST /orgs/acme/projects/${slug}/wipes/${last.id}/restore`)
    expectStatus(at, 'undo', undo, 200)
    at.ledger.live = BATCH
  }
}
