import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ShellText } from '#components/ui/shell-text'
import { Link } from '#components/ui/link'
import { SidePanel } from '#components/ui/side-panel'
import { paths } from '#contract/paths'
import { urlsOfScreen } from '#queries/requests'

/** As the documentation of the API names them. An interactive shell would read `!` as a reference to its history. */
const curlOf = (url: string) => `curl "$BULKHEAD${url.replaceAll('!', '%21')}" \\\n  -H "Authorization: Bearer $TOKEN"`

/** What the screen reads from the API, as commands for a shell. */
export function RequestsPanel({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const [urls] = useState(() => urlsOfScreen(client))
  return (
    <SidePanel
      open
      onOpenChange={onClose}
      title="API requests of this screen"
      description="What you see here comes from these requests. Paste them into a shell or a script."
    >
      <ShellText
        label="Variables of the requests"
        text={`export BULKHEAD=${location.origin}\nexport TOKEN=bhu_…   # a personal token`}
      />
      <ul aria-label="Requests" className="mt-5 space-y-4">
        {urls.map((url) => (
          <li key={url}>
            <code className="text-xs text-muted wrap-anywhere">GET {url.split('?', 1)}</code>
            <ShellText label={`curl for ${url}`} text={curlOf(url)} />
          </li>
        ))}
      </ul>
      <p className="mt-5 text-muted">
        The <Link href={paths.docs}>API documentation</Link> describes every operation.
      </p>
    </SidePanel>
  )
}
