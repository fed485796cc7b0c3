import { useToast } from '#components/ui/toast'
import { rowsInWords, totalOf } from '#components/wipes/table-name'
import type { Wipe } from '#contract/nuke/nuke'
import { useRestoreWipe } from '#queries/nuke/nuke'
import type { ProjectPath } from './project-path.ts'

/** Undoes the nuke that has left a project empty. Nothing is replaced, so no question is needed first. */
export function useUndoNuke({ org, project, slug }: ProjectPath & { slug: string }) {
  const { mutateAsync, isPending, error } = useRestoreWipe(org, project)
  const toast = useToast()
  /** What asked for it may be gone by the time it is done, since the project is no longer empty. */
  const undo = ({ id }: Wipe, then?: () => void) =>
    void mutateAsync({ wipeId: id, reason: null }).then(
      ({ rowCountsRestored, replaced }) => {
        then?.()
        toast(`${rowsInWords(totalOf(rowCountsRestored))} of ${slug} were brought back`, {
          description:
            replaced &&
            `${rowsInWords(totalOf(replaced.rowCounts))} that were added in the meantime were replaced. A receipt of their own lets you restore them.`,
        })
      },
      () => undefined,
    )
  return { undo, isPending, error }
}
