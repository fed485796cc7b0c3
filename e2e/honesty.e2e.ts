import { type APIRequestContext, type Page, type Response, request } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import type { Role } from '#contract/common'
import { addOrganizationMember } from '#domain/organizations/members'
import { findUserByEmail } from '#db/queries/accounts/users'
import { paths } from '#contract/paths'
import { progress, report, scaleOf } from '#test/support/outcome'
import { apiWith, createPersonalToken } from './api.ts'
import { expect, test as base } from './fixtures.ts'
import { filled, variantsOf } from './form-filling.ts'
import { layersOf, quietOf } from './layers.ts'
import { createPerson, emailOf, names, type Person, type Who } from './people.ts'
import { createSampleProject } from './sample-project.ts'
import { allScreens, furnish, type Screen } from './screens.ts'
import { isFrame, leaves, press, type Walk, walk, type Way, wordsOf } from './walk.ts'
import { createOrganization } from '#domain/organizations/organizations'

/** A person, by their role in the organization and in its project. */
interface Subject {
  org: Role
  /** Null: not a member of the project. */
  rights: { role: Role; envName?: string; cellScopes?: string[] } | null
  viewingAs?: Who
  /** Controls that this person must find, so that the test cannot pass by finding nothing. */
  finds: readonly string[]
}

const frame = ['Jump to…', 'Theme']
const ofMember = [...frame, 'Create entity', 'Create relationship']
const ofAdmin = [...ofMember, 'Add member', 'Create token', 'Create environment', 'Delete environment…', 'Revoke…']
const ofOwner = [...ofAdmin, 'Nuke project…', 'Delete project…', 'Remove from project…', 'Change access…']
const ofOrganization = ['Invite people', 'Create webhook', 'Rotate secret…']

/** The person with the most controls comes first because their run takes longest. */
const subjects = {
  'an owner of the organization': { org: 'owner', rights: null, finds: [...ofOwner, ...ofOrganization] },
  'an admin of the organization': { org: 'admin', rights: null, finds: [...ofAdmin, ...ofOrganization] },
  'an admin who views as a member of one cell': { org: 'admin', rights: null, viewingAs: 'scoped member', finds: [] },
  'a member of the organization alone': { org: 'member', rights: null, finds: frame },
  'an owner': { org: 'member', rights: { role: 'owner' }, finds: ofOwner },
  'an admin': { org: 'member', rights: { role: 'admin' }, finds: ofAdmin },
  'an admin of one environment': { org: 'member', rights: { role: 'admin', envName: 'default' }, finds: ofMember },
  'a member': { org: 'member', rights: { role: 'member' }, finds: ofMember },
  'an admin of one cell': { org: 'member', rights: { role: 'admin', cellScopes: ['europe'] }, finds: frame },
  'a member of one cell': { org: 'member', rights: { role: 'member', cellScopes: ['europe'] }, finds: frame },
  'a viewer of the organization and a member of the project': { org: 'viewer', rights: { role: 'member' }, finds: ofMember },
  'a viewer': { org: 'member', rights: { role: 'viewer' }, finds: frame },
} satisfies Record<string, Subject>

interface Stage {
  person: Person
  screens: readonly Screen[]
  viewAs: (session: APIRequestContext, who: Who) => Promise<void>
}

/**
 * An organization of its own with one person of each kind, a project without empty screens, and the subject. The test may destroy
 * all of it.
 */
const test = base.extend<{ stage: (subject: Subject) => Promise<Stage> }>({
  stage: async ({ database, sessionOf }, use) => {
    await use(async ({ org: role, rights }) => {
      const slug = `ship-${randomBytes(4).toString('hex')}`
      const olga = (await findUserByEmail(database, emailOf('organization owner')))!
      const org = await createOrganization(database, { slug, name: `Ship ${slug.slice(5)}`, owner: olga })
      for (const who of Object.keys(names) as Who[]) {
        if (who === 'organization owner') continue
        const user = (await findUserByEmail(database, emailOf(who)))!
        await addOrganizationMember(database, org, user, who === 'organization admin' ? 'admin' : 'member')
      }
      const id = randomBytes(4).toString('hex')
      const person = await createPerson(database, org, { name: `Nina ${id}`, email: `nina.${id}@acme.test` }, role)
      const session = await request.newContext({ storageState: await sessionOf(emailOf('organization owner')) })
      const api = apiWith(session, await createPersonalToken(session, slug))
      const project = await createSampleProject(api, slug)
      const shown = await furnish(api, project)
      if (rights) await api.post(`${project.url}/members`, { userId: person.id, ...rights })
      const isMember = rights !== null || role === 'owner' || role === 'admin'
      const all = allScreens(shown)
      const viewAs = async (requests: APIRequestContext, who: Who) => {
        const answer = await requests.post(`${process.env['E2E_URL']}${project.url}/view-as`, {
          data: { userId: project.userId(who) },
          headers: { origin: process.env['E2E_URL'] ?? '' },
        })
        expect(answer.status(), await answer.text()).toBeLessThan(300)
      }
      await session.dispose()
      // A project that the subject must not know of offers nothing to press.
      return {
        person,
        screens: isMember ? all : all.filter(([, path]) => !path.startsWith(paths.project(slug, project.slug).overview)),
        viewAs,
      }
    })
  },
})

test.skip(scaleOf('honesty', 0) === 0, 'for `npm run prove honesty`')

/** Refused or missing answers among the requests that a page sends. */
function refusalsOn(page: Page, onRefusal: (words: string) => void, onChange: (line: string, status: number) => void) {
  page.on('response', (response: Response) => {
    const asked = response.request()
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/_next')) return
    const line = `${asked.method()} ${pathname}`
    if (asked.method() !== 'GET') onChange(line, response.status())
    if (response.status() !== 403 && response.status() !== 404) return
    void response
      .text()
      .catch(() => '')
      .then((text) => onRefusal(`${response.status()} ${line} ${text.slice(0, 120)}`))
  })
}

/** Removes what differs from one stage to the next. */
const inAnyStage = (text: string) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|ship-\w+|atlas-\w+/g, '*')

for (const [who, subject] of Object.entries(subjects) as [string, Subject][]) {
  test(`nothing that ${who} can press is refused`, async ({ as, stage, sessionOf }) => {
    test.setTimeout(0)
    const failures = new Set<string>()
    const changes = new Map<string, number>()
    const found = new Set<string>()
    let presses = 0
    let now = await stage(subject)
    const context = (await as(now.person)).context()
    let spoiled = false
    let doing = ''
    const fail = (failure: string) => {
      if (!failures.has(failure)) process.stderr.write(`\n${who}: ${failure}\n`)
      failures.add(failure)
    }
    const onRefusal = (words: string) => {
      // The console asks for confirmation and repeats the refused request. The made-up code is never valid.
      if (words.includes('reauthentication_required') || words.includes('wrong_code')) return
      fail(`${doing}: ${words}`)
    }
    const onChange = (line: string, status: number) => {
      changes.set(inAnyStage(line), status)
      // An addition leaves the screen usable; any other change, or viewing as somebody else, spoils it.
      if (status < 300 && (status !== 201 || line.endsWith('/view-as'))) spoiled = true
    }
    const enter = async () => {
      if (subject.viewingAs) await now.viewAs(context.request, subject.viewingAs)
      spoiled = false
    }
    await enter()
    /** Reuses the browser, which has the console's scripts already, for the person of a new stage. */
    const begin = async () => {
      now = await stage(subject)
      const state = await sessionOf(now.person.email)
      await context.clearCookies()
      if (typeof state === 'object') await context.addCookies(state.cookies)
      await enter()
    }
    const base = process.env['E2E_URL']!
    const followed = new Set<string>()
    const follow = async (page: Page, quiet: () => Promise<void>, href: string, from: string) => {
      const { pathname } = new URL(href)
      const link = inAnyStage(href)
      if (followed.has(link) || now.screens.some(([, path]) => href === base + path)) return
      followed.add(link)
      doing = `${from}: the link to ${pathname}`
      presses++
      if (/\/(console|docs|login)/.test(pathname)) {
        await page.goto(href)
        await quiet()
        if (await page.getByRole('heading', { name: /nothing here|not found/i }).count()) fail(`${doing}: nothing there`)
      } else {
        const status = (await page.request.get(href)).status()
        if (status >= 400) fail(`${doing}: ${status}`)
      }
    }
    const panels = new Set<string>()
    const count = now.screens.length
    for (let index = 0; index < count; index++) {
      const [name] = now.screens[index]!
      // One page that walks all screens ends up with most of a gigabyte of memory, and slows down.
      const page = await context.newPage()
      const quiet = quietOf(page)
      refusalsOn(page, onRefusal, onChange)
      let place = ''
      const open = async () => {
        if (spoiled) {
          await page.goto('/healthz')
          await begin()
        }
        doing = `${name} is opened`
        await page.goto(now.screens[index]![1])
        await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
        await quiet()
        place = new URL(page.url()).pathname
      }
      await open()
      for (const { href } of (await layersOf(page)).controls) if (href?.startsWith(base)) await follow(page, quiet, href, name)
      const walked: Walk = {
        page,
        quiet,
        alike: 6,
        place: () => place,
        isSpoiled: () => spoiled,
        open,
        skip: (control, layer) =>
          leaves(control) || (layer !== 'page' && control.isSubmit) || (index > 0 && layer === 'page' && isFrame(control)),
        onPress: (way: Way) => {
          presses++
          found.add(way.at(-1)!.name)
          doing = `${name}: ${wordsOf(way)}`
        },
        /** Fills every form of a layer in every way that its choices allow. */
        onArrival: async (way: Way, again: () => Promise<boolean>) => {
          for (let variant = 0; ; variant++) {
            if (variant > 0 && !(await again())) break
            const submit = (await layersOf(page)).controls.find((control) => control.isSubmit)
            if (!submit) break
            const variants = await variantsOf(page)
            await filled(page, quiet, variant)
            await quiet()
            const ready = (await layersOf(page)).controls.find((control) => control.isSubmit && control.enabled)
            if (ready) {
              doing = `${name}: ${wordsOf([...way, ready])} (${variant})`
              presses++
              await press(page, ready).catch(() => fail(`${doing}: cannot be pressed`))
              await quiet()
            }
            if (variant + 1 >= variants) break
          }
        },
      }
      await walk(walked, [], 'page', panels)
      await page.close()
      progress(index, count, `${who}: ${presses} presses, ${failures.size} failed`)
      process.stderr.write(`\n${who}: ${name} after ${presses} presses\n`)
    }
    process.stderr.write(`\n${who}: ${[...changes].map(([line, status]) => `${status} ${line}`).join('\n  ')}\n`)
    for (const name of subject.finds) if (!found.has(name)) fail(`${name} is nowhere to be pressed`)
    expect(report({ what: `no refusal behind what ${who} can press`, tried: presses, failures: [...failures] })).toEqual([])
  })
}
