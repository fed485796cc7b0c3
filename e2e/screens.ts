import { paths } from '#paths'
import { organization } from './people.ts'
import type { SampleProject } from './sample-project.ts'

/** Every screen of the console: its name, as its title says it, and where it is. */
export const allScreens = (
  project: Pick<SampleProject, 'paths' | 'userId'>,
  org = organization.slug,
): readonly (readonly [name: string, path: string])[] => {
  const to = paths.organization(org)
  return [
    ['Overview', project.paths.overview],
    ['Members', project.paths.members],
    ['Access', project.paths.member(project.userId('scoped member'))],
    ['Tokens', project.paths.tokens],
    ['Access review', project.paths.accessReview],
    ['Environments', project.paths.environments],
    ['Data', project.paths.data],
    ['Catalog', project.paths.catalog],
    ['Catalog', `${project.paths.catalog}?tab=cells`],
    ['Catalog', `${project.paths.catalog}?tab=relationship-types`],
    ['Catalog', `${project.paths.catalog}?tab=secrets`],
    ['Catalog', `${project.paths.catalog}?tab=revisions`],
    ['Apply', project.paths.apply],
    ['Audit', project.paths.audit],
    ['Settings', project.paths.settings],
    ['Receipts', project.paths.wipes],
    ['Projects', paths.projects(org)],
    ['People', to.people],
    ['Access review', to.accessReview],
    ['Personal tokens', to.personalTokens],
    ['Sign-in', to.signIn],
    ['Sessions', to.sessions],
    ['Deleted projects', to.deletedProjects],
    ['Webhooks', to.webhooks],
    ['General', to.general],
  ]
}
