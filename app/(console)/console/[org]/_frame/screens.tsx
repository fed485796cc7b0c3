import {
  Boxes,
  Building2,
  FolderClosed,
  KeyRound,
  LayoutDashboard,
  LockKeyhole,
  MonitorSmartphone,
  ScanEye,
  ScrollText,
  Settings,
  Shapes,
  Table2,
  Trash2,
  UserRound,
  UsersRound,
  Webhook,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { Shortcut } from '#components/frame/use-shortcuts'
import { paths } from '#contract/paths'

/** One entry of the navigation and of the palette. */
export interface Screen {
  label: string
  href: string
  icon: ReactNode
  /** Other words that find it in the palette. */
  keywords?: readonly string[]
  /** `g` and this letter go to it. */
  letter?: string
}

export const organizationScreens = (org: string): Screen[] => {
  const to = paths.organization(org)
  return [
    { label: 'Projects', href: paths.projects(org), icon: <FolderClosed aria-hidden />, letter: 'p' },
    { label: 'People', href: to.people, icon: <UsersRound aria-hidden />, keywords: ['users', 'roles', 'invite'], letter: 'u' },
    {
      label: 'Access review',
      href: to.accessReview,
      icon: <ScanEye aria-hidden />,
      keywords: ['expiring', 'unused', 'recertification', 'audit'],
      letter: 'r',
    },
    { label: 'Audit log', href: to.audit, icon: <ScrollText aria-hidden />, keywords: ['log', 'history', 'events'], letter: 'a' },
    {
      label: 'Webhooks',
      href: to.webhooks,
      icon: <Webhook aria-hidden />,
      keywords: ['siem', 'audit', 'events', 'deliveries'],
      letter: 'w',
    },
    { label: 'Deleted projects', href: to.deletedProjects, icon: <Trash2 aria-hidden />, keywords: ['restore', 'undo'] },
    {
      label: 'Settings',
      href: to.general,
      icon: <Building2 aria-hidden />,
      keywords: ['organization', 'settings', 'rename', 'name'],
      letter: 's',
    },
  ]
}

/** The pages of the signed-in person, whatever the organization. */
export const accountScreens = (org: string): Screen[] => {
  const to = paths.organization(org)
  return [
    { label: 'Sign-in', href: to.signIn, icon: <LockKeyhole aria-hidden />, keywords: ['password', 'security', 'passkey'] },
    {
      label: 'Sessions',
      href: to.sessions,
      icon: <MonitorSmartphone aria-hidden />,
      keywords: ['sign out', 'devices', 'security'],
    },
    { label: 'Personal tokens', href: to.personalTokens, icon: <KeyRound aria-hidden />, keywords: ['api key', 'bhu'] },
  ]
}

export const projectScreens = (org: string, project: string): Screen[] => {
  const to = paths.project(org, project)
  return [
    {
      label: 'Overview',
      href: to.overview,
      icon: <LayoutDashboard aria-hidden />,
      keywords: ['counts', 'cells', 'activity'],
      letter: 'o',
    },
    {
      label: 'Members',
      href: to.members,
      icon: <UserRound aria-hidden />,
      keywords: ['access', 'roles', 'scopes', 'invite'],
      letter: 'm',
    },
    { label: 'Tokens', href: to.tokens, icon: <KeyRound aria-hidden />, keywords: ['api key', 'bhp'], letter: 't' },
    {
      label: 'Access review',
      href: to.accessReview,
      icon: <ScanEye aria-hidden />,
      keywords: ['expiring', 'unused', 'owners', 'access'],
      letter: 'r',
    },
    { label: 'Environments', href: to.environments, icon: <Boxes aria-hidden />, letter: 'e' },
    {
      label: 'Catalog',
      href: to.catalog,
      icon: <Shapes aria-hidden />,
      keywords: ['types', 'cells', 'apply', 'yaml', 'revisions'],
      letter: 'c',
    },
    { label: 'Data', href: to.data, icon: <Table2 aria-hidden />, keywords: ['entities', 'relationships', 'rows'], letter: 'd' },
    { label: 'Audit log', href: to.audit, icon: <ScrollText aria-hidden />, keywords: ['log', 'history'], letter: 'a' },
    {
      label: 'Settings',
      href: to.settings,
      icon: <Settings aria-hidden />,
      keywords: ['nuke', 'undo', 'receipts', 'delete', 'protect', 'metadata', 'repository'],
      letter: 's',
    },
  ]
}

/** The letters that follow `g`. In a project, its own screens come first. */
export function shortcutsOf(org: string, project: string | undefined): Shortcut[] {
  const shortcuts = new Map<string, Shortcut>()
  for (const { letter, label, href } of [
    ...(project === undefined ? [] : projectScreens(org, project)),
    ...organizationScreens(org),
  ])
    if (letter !== undefined && !shortcuts.has(letter)) shortcuts.set(letter, { letter, label, href })
  return [...shortcuts.values()]
}

/** The screen of a URL: the one with the longest matching prefix. */
export const screenAt = (screens: readonly Screen[], pathname: string) =>
  screens
    .filter(({ href }) => pathname === href || pathname.startsWith(`${href}/`))
    .toSorted((a, b) => b.href.length - a.href.length)[0]
