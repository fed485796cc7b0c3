import { clsx } from 'clsx'
import { Star } from 'lucide-react'
import { IconButton } from '#components/ui/icon-button'
import { useToast } from '#components/ui/toast'
import { useFavorite } from '#queries/projects/projects'

interface FavoriteStarProps {
  org: string
  project: { slug: string; name: string; favorite: boolean }
}

/** Keeps a project among the viewer's favorites, or no longer. */
export function FavoriteStar({ org, project: { slug, name, favorite } }: FavoriteStarProps) {
  const toast = useToast()
  const change = useFavorite(org)
  // What was asked for shows at once.
  const isOn = change.isPending ? change.variables.favorite : favorite
  return (
    <IconButton
      size="sm"
      tooltip={false}
      label={`Favorite ${name}`}
      aria-pressed={isOn}
      icon={<Star aria-hidden className={clsx('size-3.5', isOn ? 'fill-current text-accent-ink' : 'text-faint')} />}
      onClick={() => change.mutate({ project: slug, favorite: !isOn }, { onError: ({ message }) => toast(message) })}
    />
  )
}
