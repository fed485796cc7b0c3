import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '#db/client'
import type { Cast } from '#test/support/world/cast'
import type { Delivery, deliver } from './courier.ts'

export type Deliver = (letter: Parameters<typeof deliver>[2]) => Promise<Delivery>

/** Clients at work at once, each with one request at a time. */
export const CLIENTS = 12

/** What a load of requests is sent to. */
type Target = { db: Database; cast: Cast; project: { id: string; slug: string }; send: Deliver }

/**
 * Every other request is a write. `end` waits for the last answers, and reports unanswered requests and those of them that were
 * done. A write whose connection broke after the server had taken it may be done or not.
 */
export function load({ db, cast, project, send }: Target, isFailure: (delivery: Delivery) => boolean) {
  const headers = { authorization: `Bearer ${cast.people.orgOwner.token}`, 'content-type': 'application/json' }
  const path = `/acme/${project.slug}/environments`
  const acknowledged = new Set<string>()
  const open = new Set<string>()
  const failures: string[] = []
  let [over, tried, counter] = [false, 0, 0]

  async function client() {
    while (!over) {
      const name = `e-${counter++}`
      const isWrite = counter % 2 === 0
      const delivery = await send(
        isWrite ? { method: 'POST', path, headers, body: JSON.stringify({ name }) } : { method: 'GET', path, headers },
      )
      tried++
      if (isFailure(delivery)) failures.push(JSON.stringify(delivery).slice(0, 200))
      if ('status' in delivery && delivery.status === 201) acknowledged.add(name)
      if ('error' in delivery) {
        if (delivery.taken) open.add(name)
        await sleep(5)
      }
    }
  }
  const working = Array.from({ length: CLIENTS }, client)

  return async function end() {
    over = true
    await Promise.all(working)
    const rows = await db.selectFrom('environments').select('name').where('project_id', '=', project.id).execute()
    const there = new Set(rows.map(({ name }) => name).filter((name) => name.startsWith('e-')))
    const unasked = [...there].filter((name) => !acknowledged.has(name) && !open.has(name))
    const lost = [...acknowledged].filter((name) => !there.has(name))
    failures.push(...unasked.map((name) => `${name} was done and not acknowledged`))
    failures.push(...lost.map((name) => `${name} was acknowledged and is gone`))
    return { tried, failures }
  }
}
