'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { Lock } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import type { z } from 'zod'
import { Concept } from '#components/concepts/concept'
import { Button } from '#components/ui/button'
import { Link } from '#components/ui/link'
import { Section, SectionRow } from '#components/ui/section'
import type { Access } from '#contract/review/access'
import type { Protection } from '#contract/projects/projects'
import { paths } from '#contract/paths'

const DeleteDialog = lazyDialog(() => import('./delete-dialog.tsx').then((module) => module.DeleteDialog))
const NukeDialog = lazyDialog(() => import('./nuke-dialog.tsx').then((module) => module.NukeDialog))

interface DangerZoneProps {
  org: string
  project: string
  slug: string
  protection: z.infer<typeof Protection>
  can: Access['can']
}

/** Why nobody may; shown after the reason that concerns this person. */
export const protectedReason = ({ protected: on, reason }: z.infer<typeof Protection>) =>
  on
    ? `The project is protected${reason ? `: ${reason.replace(/\.+$/, '')}` : ''}. An owner can turn protection off in the settings`
    : null

/** The destructive actions. A disabled one shows its reason. */
export function DangerZone({ protection, can, ...at }: DangerZoneProps) {
  const [dialog, setDialog] = useState<'nuke' | 'delete' | null>(null)
  // In the URL, since the palette opens it from anywhere.
  const isAsked = useSearchParams().get('nuke') === 'true'
  const close = () => {
    setDialog(null)
    if (isAsked) history.replaceState(null, '', location.pathname)
  }
  const noNuke = can['apply:write'].reason ?? protectedReason(protection)
  const noDelete = can['project:delete'].reason ?? protectedReason(protection)
  return (
    <Section title="Danger zone" danger flush>
      <SectionRow
        title={
          <span className="inline-flex items-center gap-1">
            Nuke this project <Concept of="nuke" />
          </span>
        }
        description={
          <>
            Nuking immediately removes the catalog and all data in every environment. Members, tokens, environments and
            repositories stay.
            {can['apply:write'].allowed && (
              <>
                {' '}
                <Link href={paths.project(at.org, at.project).wipes}>Nuke receipts</Link>
              </>
            )}
            <DisabledReason reason={noNuke} />
          </>
        }
      >
        <Button variant="danger" disabledReason={noNuke} onClick={() => setDialog('nuke')}>
          Nuke project…
        </Button>
      </SectionRow>
      <SectionRow
        title="Delete this project"
        description={
          <>
            This immediately removes the project for everyone, with its members, tokens and data. An owner or admin of the
            organization can restore it from Deleted projects, for as long as this server keeps it.
            <DisabledReason reason={noDelete} />
          </>
        }
      >
        <Button variant="danger" disabledReason={noDelete} onClick={() => setDialog('delete')}>
          Delete project…
        </Button>
      </SectionRow>
      {(dialog === 'nuke' || (isAsked && noNuke === null)) && <NukeDialog {...at} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog {...at} onClose={close} />}
    </Section>
  )
}

/** A reason that people wrote may end with a period of its own. */
const asSentence = (reason: string) => (/[.!?]$/.test(reason) ? reason : `${reason}.`)

/** Shows the reason as text too: nobody reads a tooltip without touching the button. */
function DisabledReason({ reason }: { reason: string | null }) {
  if (!reason) return null
  return (
    <span className="mt-1 flex items-start gap-1.5 text-ink">
      <Lock aria-hidden className="mt-0.75 size-3.5 shrink-0 text-muted" />
      {asSentence(reason)}
    </span>
  )
}
