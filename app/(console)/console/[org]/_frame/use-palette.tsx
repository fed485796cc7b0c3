import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { Box, Boxes, FolderClosed, KeyRound, UserRound, UsersRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Palette, PaletteGroup, PaletteItem } from '#components/frame/command-palette'
import { paths } from '#contract/paths'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { environmentsQuery } from '#queries/projects/environments'
import { projectsQuery } from '#queries/projects/projects'
import { accessQuery } from '#queries/review/access'
import { found } from '#queries/search'
import { useRecents } from './use-recents.tsx'
import { accountScreens, organizationScreens, projectScreens } from './screens.tsx'

/** The longest text that a list is searched for. */
const LONGEST = 100
/** Milliseconds without a key after which the server is asked. */
const PAUSE = 150
/** The most environments whose entities are searched. */
const ENVIRONMENTS = 5

interface Here {
  org: string
  project: string | undefined
}

/** Screens, actions, what was chosen last, and what the server finds in the lists that this person can see. */
export function usePalette({ org, project, actions }: Here & { actions: readonly PaletteItem[] }): Palette {
  const [typed, setTyped] = useState('')
  const q = typed.trim().normalize('NFC')
  const results = useResults({ org, project, q: q.length > LONGEST ? '' : q })
  const recents = useRecents(org)
  const groups: PaletteGroup[] = [
    { heading: 'Recent', items: recents.items, onlyAtFirst: true },
    { heading: 'Screens', items: screensOf({ org, project }) },
    ...results.groups,
    { heading: 'Actions', items: actions },
  ]
  return {
    groups: groups.filter(({ items }) => items.length > 0),
    onSearch: setTyped,
    onChoose: recents.remember,
    isSearching: results.isSearching,
    problem: results.problem,
  }
}

/** Some screens have the same name in the project and in the organization. */
const screensOf = ({ org, project }: Here): PaletteItem[] =>
  [
    ...(project === undefined ? [] : projectScreens(org, project).map((screen) => ({ ...screen, hint: 'Project' }))),
    ...organizationScreens(org).map((screen) => ({ ...screen, hint: 'Organization' })),
    ...accountScreens(org).map((screen) => ({ ...screen, hint: 'Account' })),
  ].map((screen) => ({ ...screen, id: `screen ${screen.href}` }))

/** The text, once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === '' ? 0 : PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  return text === '' ? '' : settled
}

function useResults({ org, project = '', q: typed }: Here & { q: string }) {
  const q = useSettled(typed)
  const isOn = q !== ''
  const inProject = isOn && project !== ''
  const ofOrganization = useQuery({ ...organizationAccessQuery(org), enabled: isOn }).data?.can
  const can = useQuery({ ...accessQuery(org, project), enabled: inProject }).data?.can
  const first = useQuery(projectsQuery(org))
  const matching = useQuery({ ...found.projects(org, q), enabled: isOn, placeholderData: keepPreviousData })
  const projects = isOn && matching.data ? matching : first
  const mayPeople = isOn && (ofOrganization?.['organization:read'].allowed ?? false)
  const mayManage = ofOrganization?.['people:manage'].allowed ?? false
  const people = useQuery({ ...found.people(org, q), enabled: mayPeople, placeholderData: keepPreviousData })
  const members = useQuery({
    ...found.members(org, project, q),
    enabled: inProject && (can?.['project:read'].allowed ?? false),
    placeholderData: keepPreviousData,
  })
  const mayCatalog = inProject && (can?.['catalog:read'].allowed ?? false)
  const cells = useQuery({ ...found.cells(org, project, q), enabled: mayCatalog, placeholderData: keepPreviousData })
  const environments = useQuery({ ...environmentsQuery(org, project), enabled: mayCatalog }).data ?? []
  const mayData = inProject && (can?.['data:read'].allowed ?? false)
  const entities = useQueries({
    queries: environments.slice(0, ENVIRONMENTS).map(({ name }) => ({
      ...found.entities({ org, project, env: name }, q),
      enabled: mayData,
      placeholderData: keepPreviousData,
    })),
  })
  const mayTokens = inProject && (can?.['tokens:manage'].allowed ?? false)
  const tokens = useQuery({ ...found.tokens(org, project, q), enabled: mayTokens, placeholderData: keepPreviousData })
  const to = paths.project(org, project)
  const mayLook = can?.['members:manage'].allowed ?? false

  const groups: PaletteGroup[] = [
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
      items: shown(inProject, members.data).map(({ userId, name, email }) => ({
        id: `member ${userId}`,
        label: name,
        hint: email,
        icon: <UserRound aria-hidden />,
        href: mayLook ? to.member(userId) : to.membersNamed(email),
      })),
    },
    {
      heading: 'Entities',
      items: environments.slice(0, ENVIRONMENTS).flatMap(({ name: envName }, i) =>
        shown(mayData, entities[i]?.data).map(({ id, name, entityType }) => ({
          id: `entity ${id}`,
          label: name,
          hint: environments.length === 1 ? entityType : `${entityType}, ${envName}`,
          icon: <Box aria-hidden />,
          href: to.entity(envName, id),
        })),
      ),
    },
    {
      heading: 'Cells',
      items: shown(mayCatalog, cells.data).map(({ name, displayName }) => ({
        id: `cell ${name}`,
        label: name,
        ...(displayName !== name && { hint: displayName }),
        icon: <Boxes aria-hidden />,
        href: to.cell(name),
      })),
    },
    {
      heading: 'Tokens',
      items: shown(mayTokens, tokens.data).map(({ id, name, tokenPrefix }) => ({
        id: `token ${id}`,
        label: name,
        hint: tokenPrefix,
        icon: <KeyRound aria-hidden />,
        href: to.token(id),
      })),
    },
    {
      heading: 'People',
      items: shown(mayPeople, people.data).map(({ userId, name, email }) => ({
        id: `person ${userId}`,
        label: name,
        hint: email,
        icon: <UsersRound aria-hidden />,
        href: mayManage ? paths.organization(org).person(userId) : paths.organization(org).peopleNamed(email),
      })),
    },
  ]
  const asked = [matching, people, members, cells, tokens, ...entities]
  return {
    groups,
    isSearching: typed !== q || asked.some(({ isFetching }) => isFetching),
    problem: asked.find(({ error }) => error)?.error?.message ?? null,
  }
}

/** Without a text, or without the right to a list, what was found before does not stay. */
const shown = <T,>(isOn: boolean, rows: readonly T[] | undefined): readonly T[] => (isOn ? (rows ?? []) : [])
