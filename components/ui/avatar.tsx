import { clsx } from 'clsx'

const sizes = { sm: 'size-5 text-[0.5625rem]', md: 'size-7 text-[0.6875rem]' }

/** "Ada Byron" → "AB", "ada@example.com" → "AD". */
const initials = (name: string) => {
  const words = name.split(/[\s._@-]+/).filter(Boolean)
  const [first = '?', second] = words
  return (name.includes('@') || !second ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1)).toUpperCase()
}

export interface AvatarProps {
  /** The person or organization. The name is written beside it, so the avatar is hidden from assistive technology. */
  name: string
  size?: keyof typeof sizes
  /** Organizations and projects are square. */
  square?: boolean
}

/** Initials on a muted background. */
export function Avatar({ name, size = 'md', square = false }: AvatarProps) {
  return (
    // The letters come from CSS: as text they would be read out and found by search.
    <span
      aria-hidden
      data-initials={initials(name)}
      className={clsx(
        'inline-grid shrink-0 before:content-[attr(data-initials)] place-items-center border border-line bg-hover font-medium tracking-wide text-muted select-none',
        square ? 'rounded-sm' : 'rounded-full',
        sizes[size],
      )}
    />
  )
}
