'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
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
import type { Wipe } from '#contract/nuke/nuke'
import { paths } from '#contract/paths'
import { wipesQuery } from '#queries/nuke/nuke'

const UndoDialog = lazyDialog(() => import('./undo-dialog.tsx').then((module) => module.UndoDialog))

/** The newest receipt, for callers who may nuke; nothing while there is none. */
export function LastWipe({ org, project, slug }: { org: string; project: string; slug: string }) {
  const wipes = useQuery(wipesQuery(org, project))
  const [undoing, setUndoing] = useState<Wipe | null>(null)
  const last = wipes.data?.items[0]
  if (!last) return null
  const open = undoRefusal[last.state] === null
  const nuked = last.reason === 'nuke'
  return (
    <Section
      title={nuked ? 'Last nuke' : 'Last undo'}
      actions={<Link href={paths.project(org, project).wipes}>View nuke receipts</Link>}
      footer={open && <Button onClick={() => setUndoing(last)}>{nuked ? 'Undo nuke…' : 'Restore…'}</Button>}
    >
      {/* The whole receipt shows only while it can be undone. */}
      {open ? <Receipt wipe={last} /> : <Summary wipe={last} />}
      {undoing && <UndoDialog {...{ org, project, slug }} wipe={undoing} onClose={() => setUndoing(null)} />}
    </Section>
  )
}

function Summary({ wipe }: { wipe: Wipe }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {rowsInWords(totalOf(wipe.rowCounts))} <Time value={wipe.wipedAt} /> <Actor actor={wipe.wipedBy} />{' '}
      <WipeState wipe={wipe} />
    </div>
  )
}
