'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import type { z } from 'zod'
import { allowedAddressesField } from '#components/access/allowed-addresses'
import { AllowedAddressesText } from '#components/access/allowed-addresses-text'
import { TokenExpiryField } from '#components/access/token-expiry-field'
import { Form, type FormError } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { UpdateToken } from '#contract/tokens/tokens'
import { useMaxTokenDays } from './use-max-token-days.ts'

const Typed = UpdateToken.extend({ allowedAddresses: AllowedAddressesText })
type Changed = z.output<typeof Typed>

interface EditTokenDialogProps {
  org: string
  token: { id: string; name: string; createdAt: string; expiresAt: string | null; allowedAddresses: readonly string[] }
  /** The mutation of this kind of token. */
  update: {
    mutate: (change: Changed & { tokenId: string }, then: { onSuccess: (saved: { name: string }) => void }) => void
    error: FormError | null
    isPending: boolean
  }
  onClose: () => void
}

/** Changes a token's name, expiry and allowed addresses. */
export function EditTokenDialog({ org, token, update, onClose }: EditTokenDialogProps) {
  const toast = useToast()
  const maxDays = useMaxTokenDays(org)
  const { name, expiresAt, createdAt } = token
  const defaultValues: z.input<typeof Typed> = { name, expiresAt, allowedAddresses: token.allowedAddresses.join(', ') }
  const form = useForm({ resolver: zodResolver(Typed), defaultValues })
  const { control } = form
  const { isDirty, dirtyFields } = form.formState
  return (
    <Dialog open onOpenChange={onClose} title={`Edit ${name}`} description="The token keeps its value and its permissions.">
      <Form
        form={form}
        error={update.error}
        pending={update.isPending}
        submitLabel="Save token"
        submitDisabledReason={isDirty ? null : 'Nothing has changed'}
        onCancel={onClose}
        onSubmit={(typed) => {
          // An unchanged expiry is not sent: it may be older than the organization's rule.
          const { expiresAt: end, ...body } = typed
          update.mutate(
            { tokenId: token.id, ...body, ...(dirtyFields.expiresAt && { expiresAt: end }) },
            {
              onSuccess: (saved) => {
                toast(`The token ${saved.name} was changed`)
                onClose()
              },
            },
          )
        }}
      >
        <TextField control={control} name="name" label="Name" maxLength={100} />
        <TokenExpiryField control={control} name="expiresAt" maxDays={maxDays} createdAt={createdAt} presets={[30, 90]} />
        <TextField control={control} name="allowedAddresses" mono {...allowedAddressesField} />
      </Form>
    </Dialog>
  )
}
