'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { Lock } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import { Button } from '#components/ui/button'
import { Link } from '#components/ui/link'
import { Section, SectionRow } from '#components/ui/section'
import type { Access } from '#contract/review/access'
import type { Wipe } from '#contract/nuke/nuke'
import type { Protection } from '#contract/projects/projects'
import { paths } from '#contract/paths'

const DeleteDialog = lazyDialog(() => import('./delete-dialog.tsx').then((module) => module.DeleteDialog))
const NukeDialog = lazyDialog(() => import('./nuke-dialog.tsx').then((module) => module.NukeDialog))
const UndoDialog = lazyDialog(() => import('./undo-dialog.tsx').then((module) => module.UndoDialog))

interface DangerZoneProps {
  org: string
  project: string
  slug: string
  protection: z.infer<typeof Protection>
  can: Access['can']
}

type Dialog = null | { kind: 'nuke' } | { kind: 'delete' } | { kind: 'undo'; wipe: Wipe }

/** Why nobody may; shown after the reason that concerns this person. */
export const protectedReason = ({ protected: on, reason }: z.infer<typeof Protection>) =>
  on ? `The project is protected${reason ? `: ${reason}` : ''}. An owner can turn protection off above` : null

/** The destructive actions. A disabled one shows its reason. */
export function DangerZone({ protection, can, ...at }: DangerZoneProps) {
  const [dialog, setDialog] = useState<Dialog>(null)
  const close = () => setDialog(null)
  const noNuke = can['apply:write'].reason ?? protectedReason(protection)
  const noDelete = can['project:delete'].reason ?? protectedReason(protection)
  return (
    <Section title="Danger zone" danger flush>
      <SectionRow
        title="Nuke this project"
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
        <Button variant="danger" disabledReason={noNuke} onClick={() => setDialog({ kind: 'nuke' })}>
          Nuke project…
        </Button>
      </SectionRow>
      <SectionRow
        title="Delete this project"
        description={
          <>
            This immediately removes the project for everyone, with its members, tokens and data.
            <DisabledReason reason={noDelete} />
          </>
        }
      >
        <Button variant="danger" disabledReason={noDelete} onClick={() => setDialog({ kind: 'delete' })}>
          Delete project…
        </Button>
      </SectionRow>
      {dialog?.kind === 'nuke' && <NukeDialog {...at} onClose={close} onUndo={(wipe) => setDialog({ kind: 'undo', wipe })} />}
      {dialog?.kind === 'undo' && <UndoDialog {...at} wipe={dialog.wipe} onClose={close} />}
      {dialog?.kind === 'delete' && <DeleteDialog {...at} onClose={close} />}
    </Section>
  )
}

/** Shows the reason as text too: nobody reads a tooltip without touching the button. */
function DisabledReason({ reason }: { reason: string | null }) {
  if (!reason) return null
  return (
    <span className="mt-1 flex items-start gap-1.5 text-ink">
      <Lock aria-hidden className="mt-0.75 size-3.5 shrink-0 text-muted" />
      {reason}.
    </span>
  )
}
