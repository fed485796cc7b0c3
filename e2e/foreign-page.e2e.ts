import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { createOrganization } from '#domain/organizations/organizations'
import { report } from '#test/support/outcome'
import { expect, test, url } from './fixtures.ts'
import { password } from './people.ts'

/** A foreign web server under any name: another port is the same site, another name is another one. */
async function startForeign() {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<title>Free tickets</title>'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() }
}

type Form = { action: string; method?: string; enctype?: string; fields: Record<string, string> }

/** Submits a form as a visitor's click would. Answers the status that the browser got. */
async function submit(page: Page, home: string, form: Form): Promise<number> {
  await page.goto(home)
  await page.evaluate(({ action, method = 'post', enctype = '', fields }) => {
    const made = Object.assign(document.createElement('form'), { action, method, enctype, id: 'trap' })
    for (const [name, value] of Object.entries(fields))
      made.append(Object.assign(document.createElement('input'), { name, value }))
    made.append(Object.assign(document.createElement('button'), { textContent: 'Win' }))
    document.body.append(made)
  }, form)
  const answered = page.waitForResponse((response) => response.url().startsWith(form.action))
  await page.getByRole('button', { name: 'Win' }).click()
  const response = await answered
  await page.waitForLoadState()
  return response.status()
}

test(
  'lets a page of another origin neither act with the browser of a signed-in user, nor read anything',
  { tag: '@nightly' },
  async ({ as, newcomer, database }) => {
    const [person, other] = [await newcomer(), await newcomer()]
    const slug = `foreign-${randomBytes(4).toString('hex')}`
    await createOrganization(database, { slug, name: 'Mine', owner: person })
    const own = await as(person)
    const foreign = await startForeign()
    const sessions = () => database.selectFrom('sessions').select('id').where('user_id', 'in', [person.id, other.id]).execute()
    const before = (await sessions()).length
    const failures: string[] = []
    let tried = 0

    const isUntouched = async (what: string) => {
      const me = await own.request.get('/me')
      const projects: unknown[] = await (await own.request.get(`/orgs/${slug}/projects`)).json()
      const { email } = (await me.json()) as { email?: string }
      if (email !== person.email || projects.length > 0 || (await sessions()).length !== before)
        failures.push(`${what} had an effect`)
      tried++
    }

    const text = 'text/plain'
    const forms: Form[] = [
      { action: `${url}/orgs/${slug}/projects`, fields: { name: 'x', slug: 'x' } },
      { action: `${url}/orgs/${slug}/projects`, enctype: 'multipart/form-data', fields: { name: 'x', slug: 'x' } },
      { action: `${url}/orgs/${slug}/projects`, enctype: text, fields: { '{"name":"x","slug":"x","metadata":{"a":"': '"}}' } },
      { action: `${url}/session`, enctype: text, fields: { [`{"email":"${other.email}","password":"${password}","x":"`]: '"}' } },
      { action: `${url}/session`, fields: { email: other.email, password } },
      { action: `${url}/session/passkey/options`, fields: {} },
      { action: `${url}/password-resets`, enctype: text, fields: { [`{"email":"${person.email}","x":"`]: '"}' } },
      { action: `${url}/api/auth/signout`, fields: { csrfToken: 'x', json: 'true' } },
    ]
    const page = await own.context().newPage()
    for (const host of ['127.0.0.1', 'localhost']) {
      const home = `http://${host}:${foreign.port}/`
      for (const form of forms) {
        const status = await submit(page, home, form)
        // From another site the browser does not even send the cookie. next-auth answers a form without its token by asking.
        const isAsked = form.action.includes('/api/auth/')
        if (!isAsked && ![401, 403, 415].includes(status)) failures.push(`${form.action} from ${home}: ${status}`)
        await isUntouched(`a form to ${form.action} from ${home}`)
      }
      await page.goto(home)
      const read = await page.evaluate(
        async ({ to, org, email, secret }) => {
          const json = { 'content-type': 'application/json' }
          const project = JSON.stringify({ name: 'x', slug: 'x' })
          const asked: [string, RequestInit][] = [
            ['/me', {}],
            [`/orgs/${org}`, {}],
            ['/api/auth/session', {}],
            ['/api/auth/csrf', {}],
            ['/openapi.json', {}],
            [`/orgs/${org}/projects`, { method: 'POST', headers: json, body: project }],
            [`/orgs/${org}/projects`, { method: 'POST', body: project }],
            [`/orgs/${org}/projects`, { method: 'POST', body: project, mode: 'no-cors' }],
            [`/orgs/${org}`, { method: 'PATCH', headers: json, body: '{"name":"x"}' }],
            ['/me/sessions', { method: 'DELETE' }],
            ['/session', { method: 'POST', headers: json, body: JSON.stringify({ email, password: secret }) }],
            ['/session/passkey/options', { method: 'POST', mode: 'no-cors' }],
          ]
          const leaks: string[] = []
          for (const [path, init] of asked) {
            const answer = await fetch(to + path, { credentials: 'include', ...init }).catch(() => undefined)
            const body = await answer?.text().catch(() => '')
            if (body) leaks.push(`${path}: ${body.slice(0, 100)}`)
          }
          navigator.sendBeacon(`${to}/orgs/${org}/projects`, project)
          return leaks
        },
        { to: url, org: slug, email: other.email, secret: password },
      )
      failures.push(...read.map((one) => `${home} reads ${one}`))
      await isUntouched(`fetch from ${home}`)
      for (const link of [
        '/api/auth/signout',
        '/api/auth/signin?callbackUrl=https://evil.example',
        '/session/oidc?next=//evil.example',
      ]) {
        await page.goto(home)
        await page.evaluate(
          (to) => document.body.append(Object.assign(document.createElement('a'), { href: to, textContent: 'Win' })),
          url + link,
        )
        await page.getByRole('link', { name: 'Win' }).click()
        await page.waitForLoadState()
        await isUntouched(`a link to ${link} from ${home}`)
      }
    }
    foreign.stop()
    expect(report({ what: 'a real page of another origin', tried, failures })).toEqual([])
  },
)
