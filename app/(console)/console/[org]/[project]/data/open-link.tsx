import type { ComponentProps } from 'react'
import { Link } from '#components/ui/link'

interface OpenLinkProps extends ComponentProps<typeof Link> {
  /** Opens it on this page; with a modifier key the browser follows the link instead. */
  onOpen: () => void
}

/** A link to something that a panel of this page shows. */
export function OpenLink({ onOpen, ...props }: OpenLinkProps) {
  return (
    <Link
      {...props}
      prefetch={false}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        onOpen()
      }}
    />
  )
}
