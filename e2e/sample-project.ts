import { randomBytes } from 'node:crypto'
import { paths } from '#contract/paths'
import type { Api } from './api.ts'
import { emailOf, organization, type Who } from './people.ts'

const site = {
  name: 'site',
  states: ['planned', 'live'],
  initialState: 'planned',
  properties: [{ name: 'country', type: 'string' }],
}
const inCountry = (...values: string[]) => ({ derivedFrom: { property: 'country', values } })
const cells = [
  { name: 'europe' },
  { name: 'germany', parentCells: ['europe'], membership: inCountry('de') },
  { name: 'france', parentCells: ['europe'], membership: inCountry('fr') },
  { name: 'asia', membership: inCountry('jp') },
]
const sites = {
  default: { berlin: 'de', hamburg: 'de', paris: 'fr', tokyo: 'jp', nowhere: undefined },
  production: { munich: 'de', osaka: 'jp' },
}
/** The totals of the table above. */
export const counts = { entities: 7, europe: 4, germany: 3, france: 1, asia: 2, default: 5, production: 2 }

const memberships = {
  owner: { role: 'owner' },
  admin: { role: 'admin' },
  member: { role: 'member' },
  viewer: { role: 'viewer' },
  'scoped member': { role: 'member', cellScopes: ['europe'] },
} as const satisfies Partial<Record<Who, object>>

export type SampleProject = Awaited<ReturnType<typeof createSampleProject>>

const known = new Map<string, Promise<Map<string, string>>>()

/** The users of an organization by their addresses. They are there from the beginning, so each worker asks once. */
function idsOf(api: Api, org: string) {
  const asked = known.get(org) ?? listIds(api, org)
  known.set(org, asked)
  return asked
}

async function listIds(api: Api, org: string) {
  const people = await api.get<{ userId: string; email: string }[]>(`/orgs/${org}/members?limit=200`)
  return new Map(people.map(({ email, userId }) => [email, userId]))
}

/** A project with one member of each role, two environments, a hierarchy of cells, and entities in and outside of them. */
export async function createSampleProject(api: Api, org = organization.slug) {
  const id = randomBytes(4).toString('hex')
  const slug = `atlas-${id}`
  const project = await createProject(api, `Atlas ${id}`, slug, org)
  const ids = await idsOf(api, org)
  const userId = (who: Who) => ids.get(emailOf(who))!
  const changes = Object.entries(memberships).map(([who, rights]) => ({
    action: 'add',
    projectId: slug,
    userId: userId(who as Who),
    ...rights,
  }))
  await api.post(`/orgs/${org}/member-changes`, { changes })
  await addSites(api, project)
  return { ...project, userId }
}

export async function createProject(api: Api, name: string, slug: string, org = organization.slug) {
  const { id } = await api.post<{ id: string }>(`/orgs/${org}/projects`, { name, slug })
  const url = `/orgs/${org}/projects/${slug}`
  return { id, name, slug, org, url, api: `/${org}/${slug}`, paths: paths.project(org, slug) }
}

async function addSites(api: Api, project: { api: string }) {
  await api.post(`${project.api}/environments`, { name: 'production' })
  await api.post(`${project.api}/entity-types`, site)
  for (const cell of cells) await api.post(`${project.api}/cells`, { ...cell, entityType: 'site' })
  for (const [env, countries] of Object.entries(sites)) {
    for (const [name, country] of Object.entries(countries)) await addSite(api, project, name, country, env)
  }
}

export const addSite = (api: Api, project: { api: string }, name: string, country?: string, env = 'default') =>
  api.post(`${project.api}/envs/${env}/entities`, { name, entityType: 'site', properties: country ? { country } : {} })
