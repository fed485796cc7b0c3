'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form, type FormError } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { ConfirmCall } from '#components/ui/confirm-call'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { Name } from '#contract/common'
import type { Passkey } from '#contract/accounts/factors'
import { useAddPasskey, useRemovePasskey, useRenamePasskey } from '#queries/accounts/factors'

const Named = z.object({ name: Name })

interface NameFormProps {
  name: string
  submitLabel: string
  error: FormError | null
  pending: boolean
  onSubmit: (values: { name: string }) => void
  onCancel: () => void
}

function NameForm({ name, onSubmit, ...shell }: NameFormProps) {
  const form = useForm({ resolver: zodResolver(Named), defaultValues: { name } })
  return (
    <Form form={form} onSubmit={onSubmit} {...shell}>
      <TextField
        control={form.control}
        name="name"
        label="Name"
        placeholder="Work laptop"
        hint="Helps you recognize it later."
        maxLength={100}
      />
    </Form>
  )
}

interface DialogProps {
  onClose: () => void
}

/** Names the passkey; then the browser asks where to store it. */
export function AddPasskeyDialog({ onClose, onCodes }: DialogProps & { onCodes: (codes: string[]) => void }) {
  const toast = useToast()
  const add = useAddPasskey()
  return (
    <Dialog open onOpenChange={onClose} title="Add a passkey" description="Your browser then asks where to save it.">
      <NameForm
        name=""
        submitLabel="Add passkey"
        error={add.error}
        pending={add.isPending}
        onCancel={onClose}
        onSubmit={(named) =>
          add.mutate(named, {
            onSuccess: ({ name, recoveryCodes }) => {
              toast(`Added ${name}`)
              onClose()
              if (recoveryCodes) onCodes(recoveryCodes)
            },
          })
        }
      />
    </Dialog>
  )
}

export function RenamePasskeyDialog({ passkey, onClose }: DialogProps & { passkey: Passkey }) {
  const toast = useToast()
  const rename = useRenamePasskey(passkey.id)
  const onSuccess = ({ name }: Passkey) => {
    toast(`Renamed to ${name}`)
    onClose()
  }
  return (
    <Dialog open onOpenChange={onClose} title={`Rename ${passkey.name}`}>
      <NameForm
        name={passkey.name}
        submitLabel="Rename passkey"
        error={rename.error}
        pending={rename.isPending}
        onCancel={onClose}
        onSubmit={(named) => rename.mutate(named, { onSuccess })}
      />
    </Dialog>
  )
}

export function RemovePasskeyDialog({ passkey, isLast, onClose }: DialogProps & { passkey: Passkey; isLast: boolean }) {
  const alone = isLast ? ' Without an authenticator app, your password alone then signs you in.' : ''
  return (
    <ConfirmCall
      title={`Remove ${passkey.name}?`}
      description={`You can no longer sign in with it. Your device may still list it; delete it there too.${alone}`}
      confirmLabel="Remove passkey"
      call={useRemovePasskey()}
      sent={passkey.id}
      toast={`Removed ${passkey.name}`}
      onClose={onClose}
    />
  )
}
