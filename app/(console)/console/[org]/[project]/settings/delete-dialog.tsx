'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Notice } from '#components/ui/notice'
import { utcTime } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import { reasonHint } from '#components/wipes/reason'
import { Retention } from '#components/wipes/retention'
import { inWordsOf, rowsInWords, totalOf } from '#components/wipes/table-name'
import { paths } from '#contract/paths'
import { nukePreviewQuery } from '#queries/nuke/nuke'
import { useDeleteProject } from '#queries/projects/projects'

interface DeleteDialogProps {
  org: string
  project: string
  slug: string
  onClose: () => void
}

/** Deletes the project after the user types its slug, then goes to the list of projects. */
export function DeleteDialog({ org, project, slug, onClose }: DeleteDialogProps) {
  const remove = useDeleteProject(org, project)
  const held = useQuery({ ...nukePreviewQuery(org, project), enabled: !remove.isSuccess })
  const router = useRouter()
  const toast = useToast()
  const hours = held.data?.retentionHours
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete ${slug}?`}
      description="This immediately removes the project for everyone, with its members, tokens, environments and data. Its URLs stop working."
      confirmLabel="Delete project"
      typeToConfirm={slug}
      reasonHint={reasonHint}
      pending={remove.isPending || remove.isSuccess}
      error={(remove.error ?? held.error)?.message}
      disabledReason={held.data ? null : 'Counting what will be removed'}
      onConfirm={(reason) =>
        remove.mutate(reason, {
          onSuccess: ({ restoreBefore }) => {
            toast(`${slug} was deleted`, {
              description: hours ? `It can be restored until ${utcTime(restoreBefore)}` : undefined,
            })
            router.push(paths.projects(org))
          },
        })
      }
    >
      {held.data && (
        <p>
          It contains {rowsInWords(totalOf(held.data.rowCounts))} of data, {inWordsOf(held.data.kept.members, 'member')} and{' '}
          {inWordsOf(held.data.kept.tokens, 'token')}.
        </p>
      )}
      {hours === 0 && (
        <Notice tone="danger" title="This cannot be undone">
          This server does not keep deleted projects.
        </Notice>
      )}
      {hours !== undefined && hours > 0 && (
        <Notice
          title={
            <>
              It can be restored for <Retention hours={hours} />
            </>
          }
        >
          An owner or admin of the organization can restore it under Deleted projects. Until then, no other project can use its
          slug.
        </Notice>
      )}
    </ConfirmDialog>
  )
}
