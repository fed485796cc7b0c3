import type { Metadata } from 'next'
import { Blank } from '#components/frame/blank'
import { ButtonLink } from '#components/ui/link'

export const metadata: Metadata = { title: 'Not found' }

/** For a URL that does not exist, or that this person may not know of. */
export default function NotFound() {
  return (
    <Blank title="Nothing here" action={<ButtonLink href="/">Go to the console</ButtonLink>}>
      This address leads nowhere, or to something that you may not see.
    </Blank>
  )
}
