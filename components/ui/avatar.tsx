import { clsx } from 'clsx'

const sizes = { sm: 'size-5 text-[0.5625rem]', md: 'size-7 text-[0.6875rem]' }

/** "Ada Byron" → "AB", "ada@example.com" → "AD". */
const initials = (name: string) => {
  const words = name.split(/[\s._@-]+/).filter(Boolean)
  const [first = '?', second] = words
  return (name.includes('@') || !second ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1)).toUpperCase()
}

export interface AvatarProps {
  /** The person or organisation; written beside it, so the avatar itself is silent. */
  name: string
  size?: keyof typeof sizes
  /** Organisations and projects are square. */
  square?: boolean
}

/** Initials on a quiet ground. */
export function Avatar({ name, size = 'md', square = false }: AvatarProps) {
  return (
    // The letters come from CSS: as text they would be part of what is read and searched.
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
