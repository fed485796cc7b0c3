import type { Metadata } from 'next'
import { MessagePage } from '#components/frame/public-page'
import { ButtonLink } from '#components/ui/link'

export const metadata: Metadata = { title: 'Not found' }

/** For a URL that does not exist, or that this person may not know of. */
export default function NotFound() {
  return (
    <MessagePage title="Page not found" action={<ButtonLink href="/">Go to the console</ButtonLink>}>
      There is nothing at this address, or you don’t have access to it.
    </MessagePage>
  )
}
