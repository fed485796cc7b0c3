import { ConfirmCall } from '#components/ui/confirm-call'
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
  return (
    <ConfirmCall
      title={`Delete the secret ${name}?`}
      description="This permanently deletes the secret and its value in every environment."
      confirmLabel="Delete secret"
      call={useDeleteSecret(org, project)}
      sent={{ envName, name }}
      toast={`The secret ${name} was deleted`}
      onClose={onClose}
      onDone={onDeleted}
    />
  )
}

/** Deletes the value in one environment and keeps the slot. */
export function DeleteValueDialog({ org, project, envName, name, onClose }: DeleteDialogProps) {
  return (
    <ConfirmCall
      title={`Delete the value of ${name} in ${envName}?`}
      description="This permanently deletes the value. The secret stays in the catalog, and you can set a new value."
      confirmLabel="Delete value"
      call={useDeleteSecretValue(org, project)}
      sent={{ envName, name }}
      toast={`The value of ${name} in ${envName} was deleted`}
      onClose={onClose}
    />
  )
}
