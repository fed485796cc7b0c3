'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { roleFilterOptions } from '#components/access/role'
import { RevokeMade } from '#components/access/revoke-made'
import { Button } from '#components/ui/button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { Field } from '#components/ui/field'
import { Select } from '#components/ui/select'
import type { ReviewEntry } from '#contract/review/access-review'
import type { Role } from '#contract/common'
import type { Revocable } from '#contract/members/made-by'
import { type ReviewChange, useReviewChanges } from '#queries/review/access-review'
import { meQuery } from '#queries/accounts/me'
import { BulkList, type Outcome } from '#components/access/bulk-list'

const same = '='
const unchangedOption = { value: same, label: 'Don’t change' } as const
const roles = [unchangedOption, ...roleFilterOptions]
const DAY = 86_400_000
const expiries = [
  unchangedOption,
  { value: '', label: 'Never' },
  ...[7, 30, 90, 365].map((days) => ({ value: String(days), label: `In ${days} days` })),
]

const words = {
  change: { title: 'Change the access of', verb: 'Change access', done: 'changed' },
  remove: { title: 'End the access of', verb: 'Remove access', done: 'removed' },
} as const

/** Why an entry is left out; null when it is included. */
function leftOut({ kind, userId }: ReviewEntry, change: ReviewChange, me: string | undefined) {
  if (kind === 'person') return 'Change a role in the organization under People'
  if (kind === 'personal-token')
    return 'A personal token can only be revoked by its person. It ends when they leave the organization.'
  if (kind === 'project-token') return 'role' in change ? 'The role of a token can’t be changed. Create another token.' : null
  return change.kind === 'remove' && userId === me ? 'This is you. To leave the project, go to its members.' : null
}

interface ReviewDialogProps {
  org: string
  kind: 'change' | 'remove'
  entries: readonly ReviewEntry[]
  /** `true` means something changed, so the selection is cleared. */
  onClose: (changed?: boolean) => void
}

/** Applies one change to all selected entries and shows the result of each. */
export function ReviewDialog({ org, kind, entries, onClose }: ReviewDialogProps) {
  const { data: me } = useQuery(meQuery())
  const [role, setRole] = useState<Role | typeof same>(same)
  const [expiry, setExpiry] = useState<string>(same)
  const [revoke, setRevoke] = useState<Revocable[]>([])
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map())
  const run = useReviewChanges(org, (id, error) =>
    setOutcomes((before) => new Map(before).set(id, error ? { failed: error.message } : 'done')),
  )
  const change = kind === 'remove' ? ({ kind, revoke } as const) : changeOf(role, expiry)
  const reasons = new Map(entries.map((entry) => [entry.id, leftOut(entry, change, me?.id)]))
  const left = entries.filter(({ id }) => reasons.get(id) === null)
  const failed = [...outcomes.values()].filter((outcome) => outcome !== 'done').length
  const finished = run.isSuccess
  const { title, verb, done } = words[kind]
  const isEmpty = change.kind === 'change' && Object.keys(change).length === 1
  return (
    <Dialog
      open
      onOpenChange={() => !run.isPending && onClose(finished)}
      dismissible={!run.isPending && !finished}
      title={`${title} ${entries.length === 1 ? '1 entry' : `${entries.length} entries`}${kind === 'remove' ? '?' : ''}`}
      description={kind === 'remove' ? 'Members immediately lose access to the project, and tokens stop working.' : undefined}
    >
      <div className="space-y-4">
        {kind === 'change' && !finished && !run.isPending && (
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="New role" nativeLabel={false}>
              <Select value={role} onChange={setRole} options={roles} />
            </Field>
            <Field label="New expiry" nativeLabel={false}>
              <Select value={expiry} onChange={setExpiry} options={expiries} />
            </Field>
          </div>
        )}
        {kind === 'remove' && !finished && !run.isPending && left.some((entry) => entry.kind === 'membership') && (
          <RevokeMade revoke={revoke} onRevoke={setRevoke} />
        )}
        <BulkList members={entries.map(asMember)} reasons={reasons} outcomes={outcomes} running={run.isPending} done={done} />
        <output className="block font-medium empty:hidden">
          {run.isPending && `${outcomes.size} of ${left.length} …`}
          {finished && `${outcomes.size - failed} ${done}${failed ? `, ${failed} refused` : ''}`}
        </output>
      </div>
      <DialogActions>
        {!finished && (
          <Button onClick={() => onClose()} disabledReason={run.isPending ? 'The changes are being saved' : null}>
            Cancel
          </Button>
        )}
        <Button
          variant={kind === 'remove' && !finished ? 'destroy' : 'primary'}
          pending={run.isPending}
          disabledReason={
            finished
              ? null
              : left.length === 0
                ? 'None of these entries can be changed here'
                : isEmpty
                  ? 'Choose what to change'
                  : null
          }
          onClick={() => (finished ? onClose(true) : run.mutate({ entries: left, change }))}
        >
          {finished ? 'Close' : verb}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

const changeOf = (newRole: Role | typeof same, expiry: string): ReviewChange & { kind: 'change' } => ({
  kind: 'change',
  ...(newRole !== same && { role: newRole }),
  ...(expiry !== same && { expiresAt: expiry === '' ? null : new Date(Date.now() + Number(expiry) * DAY).toISOString() }),
})

/** An entry in the form that the result list shows. */
const asMember = ({ id, name, role, project, kind }: ReviewEntry) => ({
  userId: id,
  name,
  email: `${kind === 'project-token' || kind === 'personal-token' ? 'token ' : ''}in ${project?.name ?? 'the organization'}`,
  role,
})
