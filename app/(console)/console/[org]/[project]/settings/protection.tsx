'use client'

import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type { z } from 'zod'
import { Form } from '#components/form/form'
import { lazyResolver } from '#components/form/lazy-resolver'
import { TextField } from '#components/form/text-field'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Dialog } from '#components/ui/dialog'
import { Section } from '#components/ui/section'
import { Switch } from '#components/ui/switch'
import { useToast } from '#components/ui/toast'
import type { Access } from '#contract/review/access'
import type { Protection as State } from '#contract/projects/projects'
import { useSetProtection } from '#queries/projects/projects'

interface ProtectionProps {
  org: string
  project: string
  slug: string
  protection: z.infer<typeof State>
  can: Access['can']
}

/** While protection is on, nobody can nuke or delete the project. */
export function Protection({ org, project, slug, protection, can }: ProtectionProps) {
  const [dialog, setDialog] = useState<null | 'protect' | 'unprotect'>(null)
  const set = useSetProtection(org, project)
  const toast = useToast()
  const close = () => {
    setDialog(null)
    set.reset()
  }
  const apply = (body: { protected: boolean; reason?: string | null }) =>
    set.mutate(body, {
      onSuccess: () => {
        close()
        toast(body.protected ? `${slug} is protected` : `${slug} is no longer protected`)
      },
    })
  return (
    <Section title="Protection">
      <Switch
        label="Protect from nuke and deletion"
        hint="While this is on, nobody can nuke or delete the project, in the console or through the API."
        checked={protection.protected}
        onChange={(on) => setDialog(on ? 'protect' : 'unprotect')}
        disabledReason={can['project:protect'].reason}
      />
      {protection.protected && protection.reason && (
        <p className="mt-2 border-l-2 border-line pl-3 wrap-anywhere">
          <span className="text-muted">Reason:</span> {protection.reason}
        </p>
      )}
      <Dialog open={dialog === 'protect'} onOpenChange={close} size="sm" title={`Protect ${slug}?`}>
        <ReasonForm
          onSubmit={(reason) => apply({ protected: true, reason })}
          onCancel={close}
          error={set.error}
          pending={set.isPending}
        />
      </Dialog>
      <ConfirmDialog
        open={dialog === 'unprotect'}
        onOpenChange={close}
        title={`Turn off protection of ${slug}?`}
        description="Its admins and owners can then nuke and delete the project."
        confirmLabel="Turn off protection"
        onConfirm={() => apply({ protected: false })}
        pending={set.isPending}
        error={set.error?.message}
      />
    </Section>
  )
}

const resolver = lazyResolver(() => import('./reason-shape.ts').then(({ Reason }) => Reason))

interface ReasonFormProps extends Pick<Parameters<typeof Form>[0], 'error' | 'pending'> {
  onSubmit: (reason: string | null) => void
  onCancel: () => void
}

function ReasonForm({ onSubmit, ...shell }: ReasonFormProps) {
  const form = useForm({ resolver, defaultValues: { reason: '' } })
  return (
    <Form {...shell} form={form} onSubmit={({ reason }) => onSubmit(reason)} submitLabel="Protect project">
      <TextField
        control={form.control}
        name="reason"
        label="Reason"
        optional
        placeholder="Production data of our customers"
        hint="Shown to anyone who tries to nuke or delete the project."
      />
    </Form>
  )
}
