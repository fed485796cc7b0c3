import { globSync } from 'node:fs'
import { join } from 'node:path'
import { paths } from '#contract/paths'
import type { Api } from './api.ts'
import { names } from './people.ts'
import type { SampleProject } from './sample-project.ts'

/** The name of a screen, as in its title, and its path. */
export type Screen = readonly [name: string, path: string]

type Shown = { project: Pick<SampleProject, 'org' | 'paths' | 'userId'>; token: string; webhook: string }

/** Every screen of a project and of its organization. */
export const allScreens = ({ project, token, webhook }: Shown): readonly Screen[] => {
  const to = paths.organization(project.org)
  return [
    ['Overview', project.paths.overview],
    ['Members', project.paths.members],
    ['Access', project.paths.member(project.userId('scoped member'))],
    ['Tokens', project.paths.tokens],
    ['Token access', project.paths.token(token)],
    ['Access review', project.paths.accessReview],
    ['Environments', project.paths.environments],
    ['Data', project.paths.data],
    ['Data', `${project.paths.data}?tab=relationships`],
    ['Catalog', project.paths.catalog],
    ['Catalog', `${project.paths.catalog}?tab=cells`],
    ['Catalog', `${project.paths.catalog}?tab=relationship-types`],
    ['Catalog', `${project.paths.catalog}?tab=secrets`],
    ['Catalog', `${project.paths.catalog}?tab=revisions`],
    ['Apply', project.paths.apply],
    ['Audit log', project.paths.audit],
    ['Settings', project.paths.settings],
    ['Nuke receipts', project.paths.wipes],
    ['Projects', paths.projects(project.org)],
    ['People', to.people],
    ['Person', to.person(project.userId('scoped member'))],
    ['Access review', to.accessReview],
    ['Access review', to.allAccess],
    ['Audit log', to.audit],
    ['Personal tokens', to.personalTokens],
    ['Sign-in', to.signIn],
    ['Sessions', to.sessions],
    ['Deleted projects', to.deletedProjects],
    ['Webhooks', to.webhooks],
    ['Webhook', to.webhook(webhook)],
    ['Settings', to.general],
  ]
}

/** Panels that have a URL, by the name of their dialog. */
export const panels = ({ project }: Pick<Shown, 'project'>): readonly Screen[] => [
  [`Access of ${names['scoped member']}`, project.paths.memberPanel(project.userId('scoped member'))],
  [`Access of ${names['organization owner']}`, project.paths.memberPanel(project.userId('organization owner'))],
]

/** Screens outside of an organization, for anybody. */
export const outsideScreens: readonly Screen[] = [
  ['Sign in', paths.login()],
  ['Reset your password', paths.forgotPassword],
  ['Set up', '/setup'],
  ['Invitation', paths.invitation('none')],
  ['New password', '/reset-password/none'],
  ['Confirm it’s you', '/login/again?problem=provider_unavailable'],
  ['API', paths.docs],
  ['Projects · API', paths.docsOf('projects')],
  ['Limits', paths.guideOf('limits')],
  ['Not found', '/console/acme/atlas/members/nobody/nothing'],
  ['', '/'],
  ['', paths.console],
]

/** Fills the empty parts of a sample project: a token, a webhook, a link, a secret, relationships, and a nuke that was undone. */
export async function furnish(api: Api, project: SampleProject) {
  const token = await api.post<{ id: string }>(`${project.api}/tokens`, { name: 'ci' })
  const hook = { url: 'http://127.0.0.1:9/none', events: ['project.nuked'] }
  const webhook = await api.post<{ id: string }>(`/orgs/${project.org}/webhooks`, hook)
  await api.post(`${project.api}/relationship-types`, { name: 'near', from: 'site', to: 'site', states: ['up', 'down'] })
  const near = { relationshipType: 'near', from: 'berlin', to: 'hamburg' }
  await api.post(`${project.api}/envs/default/relationships`, near)
  await api.post(`${project.api}/envs/default/apply`, { items: [{ kind: 'Secret', name: 'license' }] })
  await api.post(`${project.api}/repo-links`, { provider: 'github', repository: 'acme/infra' })
  await api.delete(`${project.api}/nuke`)
  const [wipe] = await api.get<{ id: string }[]>(`${project.url}/wipes`)
  await api.post(`${project.url}/wipes/${wipe!.id}/restore`)
  return { project, token: token.id, webhook: webhook.id }
}

/** Every page under `app/`, as the route that it answers. */
const pages = globSync('**/page.tsx', { cwd: join(import.meta.dirname, '..', 'app') }).map((file) => ({
  file,
  segments: file
    .split('/')
    .slice(0, -1)
    .filter((segment) => !segment.startsWith('(')),
}))

const isDynamic = (segment: string) => segment.startsWith('[')

/** The page that answers a path: the most specific match. */
function pageAt(path: string): string | undefined {
  const asked = path.split('?')[0]!.split('/').filter(Boolean)
  const fits = ({ segments }: { segments: string[] }) =>
    segments.some((segment, i) => segment.startsWith('[...') && segments.slice(0, i).every((one, at) => one === asked[at])) ||
    (segments.length === asked.length && segments.every((segment, i) => isDynamic(segment) || segment === asked[i]))
  const weight = ({ segments }: { segments: string[] }) =>
    segments.some((segment) => segment.startsWith('[...')) ? 100 : segments.filter(isDynamic).length
  return pages.filter(fits).toSorted((a, b) => weight(a) - weight(b))[0]?.file
}

/** Pages that none of these screens shows. */
export function unshown(screens: readonly Screen[]): string[] {
  const shown = new Set(screens.map(([, path]) => pageAt(path)))
  return pages.map(({ file }) => file).filter((file) => !shown.has(file))
}
