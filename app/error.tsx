'use client'

import { MessagePage } from '#components/frame/public-page'
import { Button } from '#components/ui/button'

/** For a bug in a page. Refusals of the API show where the call was made. */
export default function PageError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <MessagePage title="This page couldn’t be shown" action={<Button onClick={retry}>Try again</Button>}>
      Something went wrong. Nothing was changed. Try again, or report the code below.
      {error.digest && <span className="mt-2 block font-mono text-xs text-faint">{error.digest}</span>}
    </MessagePage>
  )
}
