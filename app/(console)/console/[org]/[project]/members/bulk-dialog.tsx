'use client'

import type { ReactNode } from 'react'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { type MemberChange, useChangeMembers } from '#queries/members/members'
import { BulkList, type Outcome } from '#components/access/bulk-list'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

export interface BulkDialogProps extends InProject {
  title: string
  description?: string
  members: readonly MemberRow[]
  /** Why a member is left out; null when they are included. */
  reasonOf: (member: MemberRow) => string | null
  /** Null while the input is incomplete; `missing` then names what is missing. */
  change: MemberChange | null
  missing?: string
  /** The button's text, and the word for a row that succeeded. */
  verb: string
  done: string
  danger?: boolean
  /** What more to say about a member, by user. */
  details?: ReadonlyMap<string, ReactNode>
  /** The fields to fill in first. */
  children?: ReactNode
}

/** Applies one change to several members and shows the result of each. */
export function BulkDialog({ org, project, onClose, members, reasonOf, change, danger = false, ...props }: BulkDialogProps) {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map())
  // Keeps the reasons from when the dialog opened: the lists reload at the end, and past refusals must stay readable.
  const [reasons] = useState(() => new Map(members.map((member) => [member.userId, reasonOf(member)])))
  const run = useChangeMembers(org, project, (userId, error) =>
    setOutcomes((before) => new Map(before).set(userId, error ? { failed: error.message } : 'done')),
  )
  const userIds = members.flatMap(({ userId }) => (reasons.get(userId) === null ? [userId] : []))
  const failed = [...outcomes.values()].filter((outcome) => outcome !== 'done').length
  const finished = run.isSuccess
  const disabledReason = userIds.length === 0 ? 'None of these members can be changed' : change ? null : props.missing
  return (
    <Dialog
      open
      onOpenChange={() => !run.isPending && onClose(finished)}
      dismissible={!run.isPending && !finished}
      title={props.title}
      description={props.description}
    >
      <div className="space-y-4">
        {!finished && !run.isPending && userIds.length > 0 && props.children}
        <BulkList
          {...{ members, reasons, outcomes }}
          running={run.isPending}
          done={props.done}
          details={outcomes.size === 0 ? props.details : undefined}
        />
        <output className="block font-medium empty:hidden">
          {run.isPending && `${outcomes.size} of ${userIds.length} …`}
          {finished && `${outcomes.size - failed} ${props.done}${failed ? `, ${failed} refused` : ''}`}
        </output>
      </div>
      <DialogActions>
        {!finished && (
          <Button onClick={() => onClose()} disabledReason={run.isPending ? 'The changes are being saved' : null}>
            Cancel
          </Button>
        )}
        {/* One button for both states, so that the focus stays on it when the work is done. */}
        <Button
          variant={danger && !finished ? 'destroy' : 'primary'}
          pending={run.isPending}
          disabledReason={finished ? null : disabledReason}
          onClick={() => (finished ? onClose(true) : change && run.mutate({ userIds, change }))}
        >
          {finished ? 'Close' : props.verb}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
