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
import { paths } from '#contract/paths'

/** One entry of the navigation and of the palette. */
export interface Screen {
  label: string
  href: string
  icon: ReactNode
  /** Other words that find it in the palette. */
  keywords?: readonly string[]
}

export const organizationScreens = (org: string): Screen[] => {
  const to = paths.organization(org)
  return [
    { label: 'Projects', href: paths.projects(org), icon: <FolderClosed aria-hidden /> },
    { label: 'People', href: to.people, icon: <UsersRound aria-hidden />, keywords: ['users', 'roles', 'invite'] },
    {
      label: 'Access review',
      href: to.accessReview,
      icon: <ScanEye aria-hidden />,
      keywords: ['expiring', 'unused', 'recertification', 'audit'],
    },
    { label: 'Audit log', href: to.audit, icon: <ScrollText aria-hidden />, keywords: ['log', 'history', 'events'] },
    { label: 'Personal tokens', href: to.personalTokens, icon: <KeyRound aria-hidden />, keywords: ['api key', 'bhu'] },
    {
      label: 'Sign-in',
      href: to.signIn,
      icon: <LockKeyhole aria-hidden />,
      keywords: ['password', 'security'],
    },
    {
      label: 'Sessions',
      href: to.sessions,
      icon: <MonitorSmartphone aria-hidden />,
      keywords: ['sign out', 'devices', 'security'],
    },
    { label: 'Deleted projects', href: to.deletedProjects, icon: <Trash2 aria-hidden />, keywords: ['restore', 'undo'] },
    {
      label: 'Webhooks',
      href: to.webhooks,
      icon: <Webhook aria-hidden />,
      keywords: ['siem', 'audit', 'events', 'deliveries'],
    },
    { label: 'General', href: to.general, icon: <Building2 aria-hidden />, keywords: ['organization', 'rename', 'name'] },
  ]
}

export const projectScreens = (org: string, project: string): Screen[] => {
  const to = paths.project(org, project)
  return [
    { label: 'Overview', href: to.overview, icon: <LayoutDashboard aria-hidden />, keywords: ['counts', 'cells'] },
    { label: 'Members', href: to.members, icon: <UserRound aria-hidden />, keywords: ['access', 'roles', 'scopes', 'invite'] },
    { label: 'Tokens', href: to.tokens, icon: <KeyRound aria-hidden />, keywords: ['api key', 'bhp'] },
    {
      label: 'Access review',
      href: to.accessReview,
      icon: <ScanEye aria-hidden />,
      keywords: ['expiring', 'unused', 'owners', 'access'],
    },
    { label: 'Environments', href: to.environments, icon: <Boxes aria-hidden /> },
    {
      label: 'Catalog',
      href: to.catalog,
      icon: <Shapes aria-hidden />,
      keywords: ['types', 'cells', 'apply', 'yaml', 'revisions'],
    },
    { label: 'Data', href: to.data, icon: <Table2 aria-hidden />, keywords: ['entities', 'relationships', 'rows'] },
    { label: 'Audit log', href: to.audit, icon: <ScrollText aria-hidden />, keywords: ['log', 'history'] },
    {
      label: 'Settings',
      href: to.settings,
      icon: <Settings aria-hidden />,
      keywords: ['nuke', 'undo', 'receipts', 'delete', 'protect', 'metadata', 'repository'],
    },
  ]
}

/** The screen of a URL: the one with the longest matching prefix. */
export const screenAt = (screens: readonly Screen[], pathname: string) =>
  screens
    .filter(({ href }) => pathname === href || pathname.startsWith(`${href}/`))
    .toSorted((a, b) => b.href.length - a.href.length)[0]
