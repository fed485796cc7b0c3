'use client'

import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { paths } from '#contract/paths'
import { useStartLinking } from '#queries/accounts/oidc'

interface LinkDialogProps {
  org: string
  /** The provider's name. */
  provider: string
  onClose: () => void
}

/** Explains linking, then goes to the provider and returns to this screen. */
export function LinkDialog({ org, provider, onClose }: LinkDialogProps) {
  const link = useStartLinking()
  const go = () => link.mutate(paths.organization(org).signIn, { onSuccess: ({ location }) => window.location.assign(location) })
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      variant="primary"
      title={`Link your ${provider} account?`}
      description={`${provider} asks you to sign in, then sends you back here. After that, you can sign in with it.`}
      confirmLabel={`Continue to ${provider}`}
      pending={link.isPending || link.isSuccess}
      onConfirm={go}
      error={link.error?.message}
    />
  )
}
