import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Crumb } from '#components/frame/breadcrumb'
import type { SideNavProps } from '#components/frame/side-nav'
import { paths } from '#contract/paths'
import { memberQuery } from '#queries/members/members'
import { organizationQuery, organizationsQuery } from '#queries/organizations/organizations'
import { projectQuery, projectsQuery } from '#queries/projects/projects'
import { type Screen, accountScreens, organizationScreens, projectScreens, screenAt } from './screens.tsx'

interface CurrentPlace {
  org: string
  project: string | undefined
  pathname: string
}

/** The current place: the switchers, the navigation and the breadcrumbs. */
export function useCurrentPlace({ org, project, pathname }: CurrentPlace): { side: SideNavProps; crumbs: Crumb[] } {
  const organization = useQuery(organizationQuery(org)).data
  const organizations = useQuery(organizationsQuery()).data ?? []
  const current = useQuery({ ...projectQuery(org, project ?? ''), enabled: project !== undefined }).data
  const [typed, setTyped] = useState('')
  const projects = useQuery({ ...projectsQuery(org, typed.trim()), placeholderData: (before) => before }).data ?? []
  const ofOrganization = organizationScreens(org)
  const ofProject = project === undefined ? [] : projectScreens(org, project)
  const ofAccount = accountScreens(org)
  const screen = screenAt(ofProject, pathname) ?? screenAt([...ofOrganization, ...ofAccount], pathname)
  const below = useSubpageName({ org, project, screen, pathname })
  // The current project may be beyond the first page of the list.
  const listed = current && typed === '' && !projects.some(({ id }) => id === current.id) ? [current, ...projects] : projects
  const toItem = (screens: Screen[]) => screens.map((one) => ({ ...one, current: one.href === screen?.href }))
  const organizationName = organization?.name ?? org
  const projectName = current?.name ?? project

  return {
    side: {
      home: paths.projects(org),
      label: projectName ?? organizationName,
      organization: {
        label: 'Organization',
        items: organizations.map(({ id, name, slug }) => ({ id, name, slug, href: paths.projects(slug) })),
        current: organization?.id ?? null,
        placeholder: org,
      },
      project: {
        label: 'Project',
        items: listed.map(({ id, name, slug }) => ({ id, name, slug, href: paths.project(org, slug).overview })),
        current: current?.id ?? null,
        placeholder: project ?? 'Choose a project',
        footer: { label: 'All projects', href: paths.projects(org) },
        onSearch: setTyped,
      },
      groups: [
        ...(project === undefined ? [] : [{ heading: 'Project', items: toItem(ofProject) }]),
        { heading: 'Organization', items: toItem(ofOrganization) },
        { heading: 'Account', items: toItem(ofAccount) },
      ],
    },
    crumbs: [
      { label: organizationName, href: paths.projects(org) },
      ...(project === undefined ? [] : [{ label: projectName ?? project, href: paths.project(org, project).overview }]),
      ...(screen ? [{ label: screen.label, href: screen.href }] : []),
      ...(below === undefined ? [] : [{ label: below }]),
    ],
  }
}

/** The name of a page below a screen: a member, the nuke receipts, or the apply page. */
function useSubpageName({
  org,
  project = '',
  screen,
  pathname,
}: CurrentPlace & { screen: Screen | undefined }): string | undefined {
  const pages = paths.project(org, project)
  const isBelow = (href: string) => screen?.href === href && pathname.startsWith(`${href}/`)
  const userId = isBelow(pages.members) ? pathname.slice(pages.members.length + 1) : undefined
  const member = useQuery({ ...memberQuery(org, project, userId ?? ''), enabled: userId !== undefined, retry: false })
  if (pathname === pages.wipes) return 'Nuke receipts'
  if (pathname === pages.apply) return 'Apply'
  if (isBelow(paths.organization(org).webhooks)) return 'Deliveries'
  if (isBelow(pages.tokens)) return 'Access'
  return userId && (member.data?.name ?? 'Member')
}
