'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { Link } from '#components/ui/link'
import { Section } from '#components/ui/section'
import { Receipt } from '#components/wipes/receipt'
import { undoRefusal } from '#components/wipes/wipe-state'
import { paths } from '#paths'
import { wipesQuery } from '#queries/nuke'
import { UndoDialog } from './undo-dialog.tsx'

/** The receipt of the newest wipe; nothing while there is none. For whoever may nuke. */
export function LastWipe({ org, project, slug }: { org: string; project: string; slug: string }) {
  const wipes = useQuery(wipesQuery(org, project))
  const [undoing, setUndoing] = useState(false)
  const last = wipes.data?.items[0]
  if (!last) return null
  return (
    <Section
      title={last.reason === 'nuke' ? 'Last nuke' : 'Last wipe'}
      actions={<Link href={paths.project(org, project).wipes}>All receipts</Link>}
      footer={
        <Button onClick={() => setUndoing(true)} disabledReason={undoRefusal[last.state]}>
          {last.reason === 'nuke' ? 'Undo nuke…' : 'Bring back…'}
        </Button>
      }
    >
      <Receipt wipe={last} />
      {undoing && <UndoDialog org={org} project={project} slug={slug} wipe={last} onClose={() => setUndoing(false)} />}
    </Section>
  )
}
