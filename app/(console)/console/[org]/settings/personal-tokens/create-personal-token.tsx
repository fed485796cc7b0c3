'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import type { z } from 'zod'
import { CreatePersonalToken } from '#contract/tokens/tokens'
import { allowedAddressesField } from '#components/access/allowed-addresses'
import { AllowedAddressesText } from '#components/access/allowed-addresses-text'
import { TokenExpiryField, latestExpiry } from '#components/access/token-expiry-field'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { useCreatePersonalToken } from '#queries/tokens/tokens'
import { useMaxTokenDays } from '../../use-max-token-days.ts'

const Typed = CreatePersonalToken.extend({ allowedAddresses: AllowedAddressesText })
const defaultValues: z.input<typeof Typed> = { name: '', expiresAt: null, allowedAddresses: '' }

interface CreatePersonalTokenDialogProps {
  org: string
  onClose: () => void
  /** Receives the token, which is shown once. */
  onCreated: (created: { name: string; token: string }) => void
}

/** Creates a token that acts as its creator. */
export function CreatePersonalTokenDialog({ org, onClose, onCreated }: CreatePersonalTokenDialogProps) {
  const create = useCreatePersonalToken(org)
  const maxDays = useMaxTokenDays(org)
  const form = useForm({ resolver: zodResolver(Typed), defaultValues: { ...defaultValues, expiresAt: latestExpiry(maxDays) } })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Create personal token"
      description="The token always has your current permissions in this organization."
    >
      <Form
        form={form}
        error={create.error}
        pending={create.isPending}
        submitLabel="Create personal token"
        onCancel={onClose}
        onSubmit={(body) => create.mutate(body, { onSuccess: onCreated })}
      >
        <TextField
          control={form.control}
          name="name"
          label="Name"
          placeholder="laptop"
          hint="Where you use it."
          maxLength={100}
        />
        <TokenExpiryField control={form.control} name="expiresAt" maxDays={maxDays} presets={[7, 30, 90]} />
        <TextField control={form.control} name="allowedAddresses" mono {...allowedAddressesField} />
      </Form>
    </Dialog>
  )
}
