import { LogIn } from 'lucide-react'
import { PlainButtonLink } from '#components/ui/link'
import { paths } from '#contract/paths'

interface ProviderSignInProps {
  /** The provider's name. */
  provider: string
  /** The page to open afterwards. */
  next: string
}

/** Signs in through the provider; stands above the password form. */
export function ProviderSignIn({ provider, next }: ProviderSignInProps) {
  return (
    <>
      <PlainButtonLink href={paths.providerSignIn(next)} icon={<LogIn aria-hidden className="size-3.5" />} className="w-full">
        <span className="truncate">Continue with {provider}</span>
      </PlainButtonLink>
      <OrDivider />
    </>
  )
}

/** Separates two ways to do the same. */
export function OrDivider() {
  return (
    <div className="my-4 flex items-center gap-3 text-xs text-muted">
      <span aria-hidden className="h-px flex-1 bg-line" />
      or
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  )
}
