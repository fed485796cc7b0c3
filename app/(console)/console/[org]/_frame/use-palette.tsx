import { useQuery } from '@tanstack/react-query'
import { BookOpen, FolderClosed, KeyRound, LogOut, Plus, UserRound } from 'lucide-react'
import { useState } from 'react'
import type { PaletteGroup } from '#components/frame/command-palette'
import { paths } from '#contract/paths'
import { membersQuery } from '#queries/members/members'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { projectsQuery } from '#queries/projects/projects'
import { organizationScreens, projectScreens } from './screens.tsx'

interface Palette {
  org: string
  project: string | undefined
  onCreateProject: () => void
  onSignOut: () => void
}

/** The palette's items: screens, the organization's projects, the project's members, and actions. */
export function usePalette({ org, project, onCreateProject, onSignOut }: Palette) {
  const [typed, setTyped] = useState('')
  const q = typed.trim()
  const access = useQuery(organizationAccessQuery(org))
  const projects = useQuery({ ...projectsQuery(org, q), placeholderData: (before) => before })
  const members = useQuery({
    ...membersQuery(org, project ?? '', { q }),
    enabled: project !== undefined && q.length > 0,
    placeholderData: (before) => before,
  })
  // Some screens have the same name in both.
  const screens = [
    ...(project === undefined ? [] : projectScreens(org, project).map((screen) => ({ ...screen, hint: 'Project' }))),
    ...organizationScreens(org).map((screen) => ({ ...screen, hint: 'Organization' })),
  ]
  const groups: PaletteGroup[] = [
    { heading: 'Screens', items: screens.map((screen) => ({ ...screen, id: `screen ${screen.href}` })) },
    {
      heading: 'Projects',
      items: (projects.data ?? []).map(({ name, slug }) => ({
        id: `project ${slug}`,
        label: name,
        hint: slug,
        icon: <FolderClosed aria-hidden />,
        href: paths.project(org, slug).overview,
      })),
    },
    {
      heading: 'Members',
      items: (project !== undefined && q && members.data ? members.data.items : []).map(({ userId, name, email }) => ({
        id: `member ${email}`,
        label: name,
        hint: email,
        icon: <UserRound aria-hidden />,
        href: paths.project(org, project ?? '').member(userId),
      })),
    },
    {
      heading: 'Actions',
      items: [
        {
          id: 'create-project',
          label: 'Create project',
          keywords: ['new'],
          icon: <Plus aria-hidden />,
          onSelect: onCreateProject,
          disabledReason: access.data?.can['projects:create'].reason ?? null,
        },
        {
          id: 'create-personal-token',
          label: 'Create personal token',
          keywords: ['new', 'api'],
          icon: <KeyRound aria-hidden />,
          href: `${paths.organization(org).personalTokens}?create=true`,
        },
        {
          id: 'docs',
          label: 'Read the API documentation',
          keywords: ['openapi', 'help'],
          icon: <BookOpen aria-hidden />,
          href: paths.docs,
        },
        { id: 'sign-out', label: 'Sign out', keywords: ['log out'], icon: <LogOut aria-hidden />, onSelect: onSignOut },
      ],
    },
  ]
  return { palette: groups.filter(({ items }) => items.length > 0), onPaletteSearch: setTyped }
}
