'use client'

import { Checkbox } from '#components/ui/checkbox'
import { Notice } from '#components/ui/notice'
import { SkeletonText } from '#components/ui/skeleton'
import type { Made, Revocable } from '#contract/members/made-by'

interface MadeThingsProps {
  made: Made | undefined
  error: { message: string } | null
  /** Whether the texts say "you" or "them". */
  self: boolean
  /**
   * The project that the person leaves; absent when they leave the organization. A webhook that also serves other projects then
   * only stops serving this one.
   */
  project?: string
  revoke: readonly Revocable[]
  onRevoke: (revoke: Revocable[]) => void
}

const counted = (n: number, one: string) => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`

/** Whether there is anything to decide on; true while that is still unknown. */
export const hasMade = (made: Made | undefined) => !made || made.tokens.length + made.webhooks.length > 0

/** Lists what a leaving person made that still works, and lets the user revoke it as well. */
export function MadeThings({ made, error, self, project, revoke, onRevoke }: MadeThingsProps) {
  if (error) return <Notice tone="warning">{`Couldn’t list what ${self ? 'you' : 'they'} created: ${error.message}`}</Notice>
  if (!made) return <SkeletonText label={`Loading what ${self ? 'you' : 'they'} created`} lines={3} />
  const set = (kind: Revocable) => (checked: boolean) =>
    onRevoke(checked ? [...revoke, kind] : revoke.filter((one) => one !== kind))
  const revocable = made.tokens.filter((token) => token.revocable).length
  const total = made.tokens.length + made.moreTokens
  const stay = revocable === 0 ? 0 : made.tokens.length - revocable
  return (
    <>
      <p className="text-pretty text-muted">
        {self ? 'You' : 'They'} created these. They keep working unless you revoke them now.
      </p>
      {total > 0 && (
        <div className="space-y-2">
          <Checkbox
            label={`Revoke ${counted(total - stay, 'project token')}`}
            hint="Scripts that use them stop working immediately."
            disabledReason={revocable === 0 ? 'Only an owner can revoke these.' : null}
            checked={revoke.includes('tokens')}
            onChange={set('tokens')}
          />
          <Things label="Project tokens">
            {made.tokens.map(({ id, name, project: { slug }, revocable: may }) => (
              <Thing key={id} name={name} note={may ? (project ? '' : slug) : `${slug}, stays: has the owner role`} />
            ))}
            {made.moreTokens > 0 && <Thing name={`and ${made.moreTokens.toLocaleString('en')} more`} note="" />}
          </Things>
        </div>
      )}
      {made.webhooks.length > 0 && (
        <div className="space-y-2">
          <Checkbox
            label={`Delete ${counted(made.webhooks.length, 'webhook')}`}
            hint={
              project
                ? `Webhooks that also serve other projects only stop serving ${project}.`
                : 'Their receivers get no more events.'
            }
            checked={revoke.includes('webhooks')}
            onChange={set('webhooks')}
          />
          <Things label="Webhooks">
            {made.webhooks.map(({ id, host, projects }) => (
              <Thing key={id} name={host} note={projects ? projects.map(({ slug }) => slug).join(', ') : 'all projects'} />
            ))}
          </Things>
        </div>
      )}
    </>
  )
}

function Things({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <ul aria-label={label} className="ml-6 divide-y divide-line rounded-md border border-line">
      {children}
    </ul>
  )
}

const Thing = ({ name, note }: { name: string; note: string }) => (
  <li className="flex items-baseline justify-between gap-3 px-3 py-1.5">
    <span className="min-w-0 wrap-anywhere">{name}</span>
    <span className="max-w-1/2 shrink-0 text-right text-xs wrap-anywhere text-muted">{note}</span>
  </li>
)

/** What was revoked as well, for the success message. */
export function revokedInWords(revoked: { tokens: number; webhooks: number } | undefined): string {
  const parts = [
    ...(revoked?.tokens ? [counted(revoked.tokens, 'token')] : []),
    ...(revoked?.webhooks ? [counted(revoked.webhooks, 'webhook')] : []),
  ]
  return parts.length === 0 ? '' : `; ${parts.join(' and ')} revoked`
}
