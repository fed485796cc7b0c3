'use client'

import { useQuery } from '@tanstack/react-query'
import { Flame } from 'lucide-react'
import type { ReactNode } from 'react'
import { Actor } from '#components/actor'
import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { SkeletonCard } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import { Reason } from '#components/wipes/reason'
import { rowsInWords, totalOf } from '#components/wipes/table-name'
import type { Wipe } from '#contract/nuke/nuke'
import { paths } from '#contract/paths'
import { wipesQuery } from '#queries/nuke/nuke'
import { projectQuery } from '#queries/projects/projects'
import { statsQuery } from '#queries/projects/stats'
import { accessQuery } from '#queries/review/access'
import type { ProjectPath } from './project-path.ts'
import { useUndoNuke } from './use-undo-nuke.ts'

/**
 * The nuke that left this project empty, for callers who may undo it; null when something is in it or no nuke emptied it, undefined
 * while that is not known.
 */
function useEmptyingNuke({ org, project }: ProjectPath): Wipe | null | undefined {
  const stats = useQuery(statsQuery(org, project))
  const access = useQuery(accessQuery(org, project))
  const isEmpty = stats.data !== undefined && totalOf(stats.data.tables) === 0
  const isUnknown = stats.isPending || (isEmpty && access.isPending)
  const may = access.data?.can['apply:write'].allowed
  const wipes = useQuery({ ...wipesQuery(org, project), enabled: isEmpty && may === true })
  if (isUnknown) return undefined
  if (!isEmpty || !may || wipes.error) return null
  if (!wipes.data) return undefined
  const last = wipes.data.items[0]
  return last?.reason === 'nuke' && last.state !== 'restored' ? last : null
}

interface AfterNukeProps extends ProjectPath {
  /** Shown while it is not known whether a nuke has emptied the project. */
  skeleton?: ReactNode
  children: ReactNode
}

/** Shows its children, or, while a nuke has left the project empty, who nuked it and how to undo that. */
export function AfterNuke({ org, project, skeleton, children }: AfterNukeProps) {
  const wipe = useEmptyingNuke({ org, project })
  if (wipe === undefined) return skeleton ?? <SkeletonCard label="Loading what is in the project" lines={6} />
  return wipe ? <Nuked {...{ org, project, wipe }} /> : children
}

function Nuked({ org, project, wipe }: ProjectPath & { wipe: Wipe }) {
  const slug = useQuery(projectQuery(org, project)).data?.slug ?? project
  const { undo, isPending, error } = useUndoNuke({ org, project, slug })
  const isOpen = wipe.state === 'restorable'
  return (
    <section
      aria-labelledby="after-nuke"
      className="flex flex-col items-center rounded-lg border border-line bg-raised px-6 py-14 text-center"
    >
      <Flame aria-hidden className="mb-3 size-5 text-faint" />
      <h2 id="after-nuke" className="text-base font-semibold text-pretty">
        <Actor actor={wipe.wipedBy} /> nuked this project <Time value={wipe.wipedAt} />
      </h2>
      <p className="mt-1 max-w-150 text-pretty text-muted">
        {rowsInWords(totalOf(wipe.rowCounts))} of catalog and data were removed.{' '}
        {isOpen ? (
          <>
            You can bring them back until <Time exact value={wipe.restoreBefore} />.
          </>
        ) : (
          'They can’t be brought back any more.'
        )}
      </p>
      {wipe.statedReason && (
        <p className="mt-1 max-w-150 text-muted">
          Reason: <Reason text={wipe.statedReason} />
        </p>
      )}
      <div className="mt-5 flex flex-wrap justify-center gap-2">
        {isOpen && (
          <Button variant="primary" pending={isPending} onClick={() => undo(wipe)}>
            Undo nuke
          </Button>
        )}
        <ButtonLink href={paths.project(org, project).wipe(wipe.id)}>View receipt</ButtonLink>
        <ButtonLink href={paths.project(org, project).apply}>Apply a document</ButtonLink>
      </div>
      {error && (
        <p role="alert" className="mt-3 text-pretty">
          {error.message}
        </p>
      )}
    </section>
  )
}
