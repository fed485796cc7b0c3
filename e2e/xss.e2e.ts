import { randomBytes } from 'node:crypto'
import { nameProblem } from '#contract/text'
import type { Page } from '@playwright/test'
import { createUser } from '#domain/accounts/users'
import { paths } from '#contract/paths'
import { progress, report, scaleOf } from '#test/support/outcome'
import { formulas, payloads, someOf } from '#test/support/payloads'
import { apiWith, createPersonalToken } from './api.ts'
import { expect, test, url } from './fixtures.ts'
import { allScreens } from './screens.ts'
import { oddElements, readable, watch } from './watch.ts'
import { createOrganization } from '#domain/organizations/organizations'
import { addOrganizationMember } from '#domain/organizations/members'

const SMALL = 9
/** How many payloads become names. All of them go into fields for long texts. */
const COUNT = scaleOf('xss', SMALL)
const isFull = COUNT > SMALL
const few = ['Projects', 'People', 'Data', 'Members', 'Audit log', 'Settings', 'Webhooks', 'Tokens']

type Send = (method: 'post' | 'put' | 'patch' | 'delete', path: string, data?: object) => Promise<boolean>

const packed = (length: number) => payloads.join(' ').slice(0, length)
const asName = (text: string) => text.replaceAll('/', '∕').trim()

/** Writes texts into every field that accepts any; refused ones, such as names that turn text around, are skipped. */
async function fill(send: Send, org: string, texts: readonly string[]) {
  const [orgApi, at] = [`/orgs/${org}`, `/${org}/xss`]
  const made = (path: string, data: object) => send('post', path, data)
  const names = texts.map(asName)
  const allowed = names.filter((name) => nameProblem(name) === undefined)
  await send('patch', orgApi, { name: texts[0] })
  await made(`${orgApi}/projects`, { name: texts[1], slug: 'xss' })
  await send('put', `${orgApi}/projects/xss`, { metadata: { [texts[1]!]: texts, all: packed(60_000) } })
  await made(`${at}/entity-types`, { name: 'lost', states: ['active'], initialState: 'active' })
  await send('delete', `${at}/nuke`, { reason: allowed[0] })
  const property = { name: 'text', type: 'string', title: allowed[0], description: packed(1000), default: packed(1000) }
  const states = [...new Set(['active', ...allowed])].slice(0, 90)
  const spec = {
    states,
    initialState: 'active',
    displayName: allowed[1],
    properties: [property],
    metrics: [{ name: 'load', unit: allowed[0]!.slice(0, 50) }],
  }
  await made(`${at}/entity-types`, { name: 'thing', ...spec })
  for (const [i, text] of texts.entries()) {
    progress(i, texts.length, 'texts put into fields')
    const name = names[i]!
    const properties = { text: i === 0 ? packed(10_000) : text }
    await made(`${at}/entity-types`, { name, ...spec, displayName: text })
    await made(`${at}/cells`, {
      name,
      displayName: text,
      entityType: 'thing',
      membership: { derivedFrom: { property: 'text', values: [text] } },
    })
    await made(`${at}/relationship-types`, { name, displayName: text, from: 'thing', to: 'thing', states })
    await made(`${at}/envs/default/entities`, { name: `e-${i}`, entityType: 'thing', properties, labels: { [name]: text } })
    await made(`${at}/envs/default/entities`, { name, entityType: 'thing', state: name, properties })
    await made(`${at}/envs/default/secrets`, { name, description: text })
    await made(`${at}/tokens`, { name: text })
    await made(`${at}/repo-links`, { provider: 'github', repository: text, branch: text, path: text })
    await made(`${orgApi}/webhooks`, { url: `https://hooks.example.com/${encodeURIComponent(text)}`, description: text })
    await made(`${orgApi}/personal-tokens`, { name: text })
    await made(`${orgApi}/projects`, { name: text, slug: `p-${i}`, metadata: { [text]: text } })
    await made('/v1/projects', { name: text })
  }
  await made(`${at}/envs/default/relationships`, {
    relationshipType: names[1],
    from: 'e-1',
    to: 'e-2',
    properties: { x: texts[1] },
    labels: { a: texts[2] },
  })
  await made(`${at}/envs/default/apply`, { items: [{ kind: 'Secret', name: 'applied', description: packed(1000) }] })
  await made(`${orgApi}/invitations`, { invitations: [{ email: `x.${org}@elsewhere.test`, projects: [{ slug: 'xss' }] }] })
  await send('delete', `${orgApi}/projects/p-3`, { reason: allowed[1] })
  await send('put', `${orgApi}/projects/xss/protection`, { protected: true, reason: texts[0] })
}

/** URLs in which a text could be executed. */
const addressesOf = (text: string, project: { data: string; audit: string; catalog: string }) => {
  const part = encodeURIComponent(text)
  return [
    `/login?next=${part}`,
    `/login?problem=${part}&error=${part}&callbackUrl=${part}`,
    `/invite/${part}`,
    `/reset-password/${part}`,
    `/console/${part}`,
    `${project.data}?q=${part}&entity=${part}&type=${part}&label=${part}`,
    `${project.audit}?actor=${part}&action=${part}&event=${part}`,
    `${project.catalog}?tab=${part}&open=${part}`,
    `/docs?q=${part}#${part}`,
    `/console/no/such/${part}`,
  ]
}

async function settled(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByText(/^Loading/)).toHaveCount(0)
}

/** The cells of a CSV file. */
const cellsOf = (csv: string) =>
  [...csv.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^,\r\n"]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  )

test(
  'shows names and texts as plain text on every screen, in every URL and file',
  { tag: '@nightly' },
  async ({ as, newcomer, database }) => {
    test.setTimeout(isFull ? 0 : 120_000)
    const person = await newcomer()
    const slug = `xss-${randomBytes(4).toString('hex')}`
    const texts = isFull ? payloads : someOf(COUNT)
    await createOrganization(database, { slug, name: 'Before', owner: person })
    await database.updateTable('users').set({ name: texts[0]! }).where('id', '=', person.id).execute()
    const page = await as(person, { isNew: true })
    const api = apiWith(page.request, await createPersonalToken(page.request, slug))
    const send: Send = async (method, path, data) => {
      const done = await (method === 'delete' ? api.delete(path) : api[method](path, data ?? {})).then(
        () => true,
        () => false,
      )
      counted[done ? 'taken' : 'refused']++
      return done
    }
    const counted = { taken: 0, refused: 0 }
    await fill(send, slug, texts)
    expect(counted.taken).toBeGreaterThan(texts.length * 6)
    const org = await database.selectFrom('organizations').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()
    for (const [i, text] of texts.slice(0, 40).entries()) {
      const user = await createUser(database, { name: text, email: `n${i}.${slug}@elsewhere.test` })
      await addOrganizationMember(database, org, user, 'member')
      await send('post', `/orgs/${slug}/projects/xss/members`, { userId: user.id, role: 'viewer' })
    }

    const seen = [await watch(page, url)]
    let shownOn = page
    /** One page ends up with gigabytes of memory, and slows down. */
    const renewed = async (index: number) => {
      if (index === 0 || index % 100 > 0) return shownOn
      if (shownOn !== page) await shownOn.close()
      shownOn = await page.context().newPage()
      seen.push(await watch(shownOn, url))
      return shownOn
    }
    const project = paths.project(slug, 'xss')
    const [token] = await api.get<{ id: string }[]>(`/${slug}/xss/tokens`)
    const [webhook] = await api.get<{ id: string }[]>(`/orgs/${slug}/webhooks`)
    const shown = { org: slug, paths: project, userId: () => person.id }
    const screens = allScreens({ project: shown, token: token!.id, webhook: webhook!.id })
    const opened = [
      ...screens.filter(([name]) => isFull || few.includes(name)).map(([, path]) => path),
      ...texts.map((_, i) => `${project.data}?entity=e-${i}`).slice(0, isFull ? undefined : 1),
      ...(isFull ? texts.map((text) => `${project.catalog}?tab=cells&open=${encodeURIComponent(asName(text))}`) : []),
    ]
    let read = ''
    const failures: string[] = []
    for (const [i, path] of opened.entries()) {
      progress(i, opened.length, 'screens')
      const on = await renewed(i)
      await settled(on, path)
      read += ` ${await readable(on)}`
      failures.push(...(await oddElements(on)).map((html) => `${path}: ${html}`))
    }
    const addresses = (isFull ? texts : texts.slice(0, 1)).flatMap((text) => addressesOf(text, project))
    for (const [i, path] of addresses.entries()) {
      progress(i, addresses.length, 'addresses')
      const on = await renewed(i)
      await on.goto(path, { waitUntil: 'load' })
      await expect(on.getByRole('heading').first()).toBeVisible()
      failures.push(...(await oddElements(on)).map((html) => `${path}: ${html}`))
    }
    const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
    const all = plain(read)
    failures.push(...texts.filter((text) => !all.includes(plain(text))).map((text) => `not read anywhere: ${text}`))
    for (const file of [`/${slug}/xss/audit-events/export`, `/orgs/${slug}/access-review/export`]) {
      const csv = await (await page.request.get(`${file}?format=csv`)).text()
      const cells = cellsOf(csv)
      expect(cells.length).toBeGreaterThan(texts.length)
      if (isFull) expect(formulas.filter((text) => cells.includes(`'${text}`)).length, file).toBeGreaterThan(5)
      failures.push(...cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell)).map((cell) => `${file}: ${cell}`))
    }
    const tried = counted.taken + opened.length + addresses.length
    expect(
      report({
        what: 'texts that are more than texts, on screens, in addresses and files',
        tried,
        failures: [...seen.flat(), ...failures],
      }),
    ).toEqual([])
  },
)
