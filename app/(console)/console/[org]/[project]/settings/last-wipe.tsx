'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Actor } from '#components/actor'
import { Button } from '#components/ui/button'
import { Link } from '#components/ui/link'
import { Section } from '#components/ui/section'
import { Time } from '#components/ui/time'
import { Receipt } from '#components/wipes/receipt'
import { rowsInWords, totalOf } from '#components/wipes/table-name'
import { undoRefusal, WipeState } from '#components/wipes/wipe-state'
import { paths } from '#paths'
import { wipesQuery } from '#queries/nuke'
import { UndoDialog } from './undo-dialog.tsx'

/** The receipt of the newest wipe; nothing while there is none. For whoever may nuke. */
export function LastWipe({ org, project, slug }: { org: string; project: string; slug: string }) {
  const wipes = useQuery(wipesQuery(org, project))
  const [undoing, setUndoing] = useState(false)
  const last = wipes.data?.items[0]
  if (!last) return null
  const all = <Link href={paths.project(org, project).wipes}>All receipts</Link>
  const title = last.reason === 'nuke' ? 'Last nuke' : 'Last wipe'
  // The whole receipt stands here only while something can be done about it.
  if (undoRefusal[last.state]) {
    return (
      <Section title={title} actions={all}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {rowsInWords(totalOf(last.rowCounts))} <Time value={last.wipedAt} /> <Actor actor={last.wipedBy} />{' '}
          <WipeState wipe={last} />
        </div>
      </Section>
    )
  }
  return (
    <Section
      title={title}
      actions={all}
      footer={<Button onClick={() => setUndoing(true)}>{last.reason === 'nuke' ? 'Undo nuke…' : 'Bring back…'}</Button>}
    >
      <Receipt wipe={last} />
      {undoing && <UndoDialog org={org} project={project} slug={slug} wipe={last} onClose={() => setUndoing(false)} />}
    </Section>
  )
}
