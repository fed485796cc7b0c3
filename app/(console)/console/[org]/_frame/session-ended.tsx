import { usePathname, useSearchParams } from 'next/navigation'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { paths } from '#contract/paths'

/** Shown above the content while a form is open. Signing in opens a new tab, so that typed text stays. */
export function SessionEnded() {
  const query = useSearchParams().toString()
  const here = usePathname() + (query && `?${query}`)
  return (
    <div className="px-4 pt-4 sm:px-6">
      <Notice
        tone="warning"
        action={
          <Link href={paths.login(here)} external>
            Sign in again
          </Link>
        }
      >
        Your session has ended. What you typed is still here. Sign in again to save it.
      </Notice>
    </div>
  )
}
