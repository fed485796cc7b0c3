'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Notice } from '#components/ui/notice'
import { utcTime } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import { hoursInWords, rowsInWords, totalOf } from '#components/wipes/table-name'
import { paths } from '#paths'
import { nukePreviewQuery } from '#queries/nuke'
import { useDeleteProject } from '#queries/projects'

interface DeleteDialogProps {
  org: string
  project: string
  slug: string
  onClose: () => void
}

/** Deletes the project after its slug is typed, then leaves for the list of projects. */
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
      description="The project is gone at once, for everybody: its members, tokens, environments and data, and every URL below it."
      confirmLabel="Delete project"
      typeToConfirm={slug}
      pending={remove.isPending || remove.isSuccess}
      error={(remove.error ?? held.error)?.message}
      disabledReason={held.data ? null : 'What would go is not known yet'}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: ({ restoreBefore }) => {
            toast(`${slug} is deleted`, { description: hours ? `It can be restored until ${utcTime(restoreBefore)}` : undefined })
            router.push(paths.projects(org))
          },
        })
      }
    >
      {held.data && (
        <p>
          It holds {rowsInWords(totalOf(held.data.rowCounts))} of data, {held.data.kept.members.toLocaleString('en')} members and{' '}
          {held.data.kept.tokens.toLocaleString('en')} tokens.
        </p>
      )}
      {hours === 0 && (
        <Notice tone="danger" title="This cannot be undone">
          This server does not keep deleted projects.
        </Notice>
      )}
      {Boolean(hours) && (
        <Notice title={`It can be restored for ${hoursInWords(hours!)}`}>
          By an owner or admin of the organisation, under its settings, Deleted projects. Until then its slug stays taken.
        </Notice>
      )}
    </ConfirmDialog>
  )
}
