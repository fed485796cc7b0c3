import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { useToast } from '#components/ui/toast'
import { useDeleteSecret, useDeleteSecretValue } from '#queries/catalog/secrets'

interface DeleteDialogProps {
  org: string
  project: string
  envName: string
  name: string
  onDeleted?: () => void
  onClose: () => void
}

/** Deletes the slot with its value in every environment. */
export function DeleteSecretDialog({ org, project, envName, name, onDeleted, onClose }: DeleteDialogProps) {
  const toast = useToast()
  const remove = useDeleteSecret(org, project)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete the secret ${name}?`}
      description="This permanently deletes the secret and its value in every environment."
      confirmLabel="Delete secret"
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(
          { envName, name },
          {
            onSuccess: () => {
              toast(`The secret ${name} was deleted`)
              onClose()
              onDeleted?.()
            },
          },
        )
      }
    />
  )
}

/** Deletes the value in one environment and keeps the slot. */
export function DeleteValueDialog({ org, project, envName, name, onClose }: DeleteDialogProps) {
  const toast = useToast()
  const remove = useDeleteSecretValue(org, project)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete the value of ${name} in ${envName}?`}
      description="This permanently deletes the value. The secret stays in the catalog, and you can set a new value."
      confirmLabel="Delete value"
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(
          { envName, name },
          {
            onSuccess: () => {
              toast(`The value of ${name} in ${envName} was deleted`)
              onClose()
            },
          },
        )
      }
    />
  )
}
