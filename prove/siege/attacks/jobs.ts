import { type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Attack, overload } from '../attack.ts'
import type { Onslaught } from '../onslaught.ts'

const done = [200, 201, 202, 204, 207, 403, 404, 409, ...overload] as const

/** Receivers that answer never, at one byte a second, without end, with a mountain of headers, and with a hang-up. */
const receivers: ((response: ServerResponse, onslaught: Onslaught) => unknown)[] = [
  () => {},
  async (response, { isOver, pause }) => {
    response.writeHead(200)
    while (!isOver() && !response.destroyed) {
      response.write('x')
      await pause(1000)
    }
  },
  async (response, { isOver, pause }) => {
    const piece = Buffer.alloc(64 * 1024, 'x')
    response.on('error', () => {})
    response.writeHead(200)
    while (!isOver() && !response.destroyed) {
      response.write(piece)
      await pause(2)
    }
  },
  (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  (response) => response.destroy(),
  (response) => response.writeHead(500).end('x'.repeat(100_000)),
]

export const jobs: Attack[] = [
  {
    name: 'webhooks to stuck receivers',
    what: '18 webhooks whose receivers answer never, by the byte, without end or by a redirect, and 20 callers whose writes they are notified of',
    answers: done,
    seconds: 15,
    start(onslaught) {
      const { callers, call, world, isOver, pause } = onslaught
      const { slug, owner, places } = world.hostile
      const server = createServer((request, response) => {
        request.resume()
        void receivers[Number(request.url?.slice(1)) % receivers.length]!(response, onslaught)
      })
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo
        callers(1, 60_000, async () => {
          for (let i = 0; i < 18 && !isOver(); i++)
            await call(`POST /orgs/${slug}/webhooks`, {
              token: owner,
              body: JSON.stringify({ url: `http://127.0.0.1:${port}/${i}` }),
            })
        })
      })
      server.unref()
      callers(20, 50, async (i, turn) => {
        const entities = `/${slug}/${places.plain.slug}/envs/default/entities`
        const { token } = places.plain
        await call(`POST ${entities}`, { token, body: JSON.stringify({ entityType: 'thing', name: `hook-${i}-${turn}` }) })
        await call(`DELETE ${entities}/hook-${i}-${turn}`, { token })
        await pause(10)
      })
    },
  },
  {
    name: 'projects made and deleted',
    what: '10 callers make sample projects and projects of every kind, nuke them and delete them',
    answers: done,
    start({ callers, call, world }) {
      const { slug, owner } = world.hostile
      callers(10, 50, async (i, turn) => {
        const sample = i % 2 === 0
        const name = `made-${i}-${turn}-${process.pid}`
        const made = await call(`POST /orgs/${slug}/${sample ? 'sample-project' : 'projects'}`, {
          token: owner,
          body: JSON.stringify(sample ? {} : { name, slug: name }),
        })
        if (made?.status !== 201) return
        const project = JSON.parse(made.body) as { slug: string }
        await call(`DELETE /${slug}/${project.slug}/nuke`, { token: owner })
        await call(`DELETE /orgs/${slug}/projects/${project.slug}`, { token: owner })
      })
    },
  },
  {
    name: 'invitations by the hundred',
    what: '10 callers invite people who do not exist, resend and take back, in both dialects',
    answers: [400, ...done],
    start({ callers, call, world }) {
      const { slug, owner, places } = world.hostile
      callers(10, 50, async (i, turn) => {
        const email = `guest-${i}-${turn}@org-0.example`
        if (i % 2 === 0) {
          const json = { email, projects: [{ projectId: places.plain.id, role: 'viewer' }] }
          await call(`POST /orgs/${slug}/invitations`, { token: owner, body: JSON.stringify(json) })
        } else {
          await call(`POST /v1/projects/${places.plain.id}/invite`, { token: owner, body: JSON.stringify({ email }) })
        }
      })
    },
  },
  {
    name: 'events by the thousand',
    what: '20 callers make one event after the other, each of them to be sealed, in one organization',
    answers: done,
    start({ callers, call, world }) {
      const { slug, owner, places } = world.hostile
      const project = `/orgs/${slug}/projects/${places.plain.slug}`
      callers(20, 5, (i, turn) =>
        call(`PUT ${project}`, { token: owner, body: JSON.stringify({ metadata: { note: 'n'.repeat(5000), i, turn } }) }),
      )
    },
  },
]
