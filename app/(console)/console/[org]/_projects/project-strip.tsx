import { useQuery } from '@tanstack/react-query'
import { History, Star } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link'
import { paths } from '#contract/paths'
import { favoritesQuery } from '#queries/projects/projects'
import { useRecentProjects } from './use-recent-projects.ts'

/** Favorites and the projects that were opened last, on one line whose place is always kept. */
export function ProjectStrip({ org }: { org: string }) {
  const favorites = useQuery(favoritesQuery(org)).data?.items ?? []
  const kept = new Set(favorites.map(({ slug }) => slug))
  const recents = useRecentProjects(org).filter(({ slug }) => !kept.has(slug))
  return (
    <div className="mb-3 flex h-6 items-center gap-x-5 overflow-x-auto overflow-y-hidden text-muted">
      {favorites.length > 0 && (
        <Projects
          label="Favorites"
          icon={<Star aria-hidden className="size-3.5 fill-current" />}
          {...{ org }}
          projects={favorites}
        />
      )}
      {recents.length > 0 && (
        <Projects label="Recent" icon={<History aria-hidden className="size-3.5" />} {...{ org }} projects={recents} />
      )}
      {favorites.length + recents.length === 0 && 'Star a project to keep it at hand here.'}
    </div>
  )
}

interface ProjectsProps {
  label: string
  icon: ReactNode
  org: string
  projects: readonly { slug: string; name: string }[]
}

function Projects({ label, icon, org, projects }: ProjectsProps) {
  return (
    <nav aria-label={`${label} projects`} className="flex shrink-0 items-center gap-x-2.5">
      <span className="inline-flex items-center gap-1.5 text-xs">
        {icon}
        {label}
      </span>
      {projects.map(({ slug, name }) => (
        <Link key={slug} look="quiet" href={paths.project(org, slug).overview} className="max-w-40 truncate" title={name}>
          {name}
        </Link>
      ))}
    </nav>
  )
}
