import { useQuery } from '@tanstack/react-query'
import { BookOpen, Flame, Glasses, Keyboard, KeyRound, LogOut, Moon, Plus, Sun, Terminal, UserPlus } from 'lucide-react'
import { useTheme } from 'next-themes'
import type { PaletteItem } from '#components/frame/command-palette'
import { paths } from '#contract/paths'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { accessQuery } from '#queries/review/access'

export interface Actions {
  org: string
  project: string | undefined
  onCreateProject: () => void
  onShortcuts: () => void
  onRequests: () => void
  onSignOut: () => void
}

/** What the palette can do. What this person may not do says why. */
export function useActions({ org, project, onCreateProject, onShortcuts, onRequests, onSignOut }: Actions): PaletteItem[] {
  const ofOrganization = useQuery(organizationAccessQuery(org)).data?.can
  const { setTheme } = useTheme()
  const to = paths.organization(org)
  return [
    ...useProjectActions(org, project),
    {
      id: 'create-project',
      label: 'Create project',
      keywords: ['new', 'add'],
      icon: <Plus aria-hidden />,
      onSelect: onCreateProject,
      disabledReason: ofOrganization?.['projects:create'].reason ?? null,
    },
    {
      id: 'invite',
      label: 'Invite people',
      keywords: ['add', 'new', 'invitation'],
      icon: <UserPlus aria-hidden />,
      href: to.invite,
      disabledReason: ofOrganization?.['invitations:manage'].reason ?? null,
    },
    {
      id: 'create-personal-token',
      label: 'Create personal token',
      keywords: ['new', 'add', 'api'],
      icon: <KeyRound aria-hidden />,
      href: `${to.personalTokens}?create=true`,
    },
    {
      id: 'dark',
      label: 'Switch to the dark theme',
      keywords: ['color', 'night'],
      icon: <Moon aria-hidden />,
      onSelect: () => setTheme('dark'),
    },
    {
      id: 'light',
      label: 'Switch to the light theme',
      keywords: ['color', 'day'],
      icon: <Sun aria-hidden />,
      onSelect: () => setTheme('light'),
    },
    {
      id: 'shortcuts',
      label: 'Show keyboard shortcuts',
      keywords: ['keys', 'help'],
      icon: <Keyboard aria-hidden />,
      onSelect: onShortcuts,
    },
    {
      id: 'requests',
      label: 'Show the API requests of this screen',
      keywords: ['copy', 'curl', 'script'],
      icon: <Terminal aria-hidden />,
      onSelect: onRequests,
    },
    {
      id: 'docs',
      label: 'Read the API documentation',
      keywords: ['openapi', 'help'],
      icon: <BookOpen aria-hidden />,
      href: paths.docs,
    },
    { id: 'sign-out', label: 'Sign out', keywords: ['log out'], icon: <LogOut aria-hidden />, onSelect: onSignOut },
  ]
}

function useProjectActions(org: string, project = ''): PaletteItem[] {
  const isInside = project !== ''
  const can = useQuery({ ...accessQuery(org, project), enabled: isInside }).data?.can
  if (!can) return []
  const to = paths.project(org, project)
  return [
    {
      id: 'add-member',
      label: 'Add member',
      keywords: ['invite', 'new', 'access'],
      icon: <UserPlus aria-hidden />,
      href: to.members,
      disabledReason: can['members:manage'].reason,
    },
    {
      id: 'create-token',
      label: 'Create token',
      keywords: ['new', 'add', 'api'],
      icon: <KeyRound aria-hidden />,
      href: to.createToken,
      disabledReason: can['tokens:manage'].reason,
    },
    {
      id: 'view-as',
      label: 'View as a member…',
      keywords: ['impersonate', 'see'],
      icon: <Glasses aria-hidden />,
      href: to.members,
      disabledReason: can['members:manage'].reason,
    },
    {
      id: 'nuke',
      label: 'Nuke project…',
      keywords: ['delete', 'empty', 'wipe'],
      icon: <Flame aria-hidden />,
      href: to.nuke,
      disabledReason: can['apply:write'].reason,
    },
  ]
}
