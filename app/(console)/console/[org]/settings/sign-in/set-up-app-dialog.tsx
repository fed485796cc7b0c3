'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { Form } from '#components/form/form'
import { CodeField } from '#components/form/proof-field'
import { CopyButton } from '#components/ui/copy-button'
import { Dialog } from '#components/ui/dialog'
import { QrCode } from '#components/ui/qr-code'
import { useToast } from '#components/ui/toast'
import type { TotpStarted } from '#contract/accounts/factors'
import { useConfirmTotp } from '#queries/accounts/factors'

const Typed = z.object({ code: z.string().min(1, 'Enter the code that the app shows.').max(20) })

interface SetUpAppDialogProps {
  started: TotpStarted
  onClose: () => void
  onCodes: (codes: string[]) => void
}

/** Shows the secret to scan or type, and asks for its first code, which turns the app on. */
export function SetUpAppDialog({ started, onClose, onCodes }: SetUpAppDialogProps) {
  const toast = useToast()
  const confirm = useConfirmTotp()
  const form = useForm({ resolver: zodResolver(Typed), defaultValues: { code: '' } })
  const inFours = started.secret.match(/.{1,4}/g)?.join(' ') ?? started.secret
  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissible={false}
      title="Set up an authenticator app"
      description="Scan this with the app, then enter the code that it shows. The app is on once you have entered a code."
    >
      <div className="mb-5 flex flex-wrap items-center gap-x-5 gap-y-4">
        <QrCode text={started.uri} label="QR code for the authenticator app" />
        <div className="min-w-0 flex-1 basis-48">
          <div className="font-medium">Or enter this key</div>
          <div className="mt-1.5 flex items-start gap-1 rounded-md border border-line bg-sunken py-1.5 pr-1 pl-3">
            <code aria-label="Key" className="min-w-0 flex-1 py-1 text-xs select-all">
              {inFours}
            </code>
            <CopyButton text={started.secret} what="key" />
          </div>
          <p className="mt-1.5 text-xs text-muted">It won’t be shown again.</p>
        </div>
      </div>
      <Form
        form={form}
        error={confirm.error}
        pending={confirm.isPending}
        submitLabel="Turn on app"
        onCancel={onClose}
        onSubmit={(body) =>
          confirm.mutate(body, {
            onSuccess: ({ recoveryCodes }) => {
              toast('The authenticator app is on')
              onClose()
              if (recoveryCodes) onCodes(recoveryCodes)
            },
          })
        }
      >
        <CodeField control={form.control} name="code" />
      </Form>
    </Dialog>
  )
}
