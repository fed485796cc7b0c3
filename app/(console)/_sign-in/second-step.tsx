'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import type { FactorMethod } from '#contract/accounts/factors'
import { Form } from '#components/form/form'
import { CodeField, RecoveryCodeField } from '#components/form/proof-field'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { useSecondStep } from '#queries/accounts/session'
import { usePasskeyObstacle } from '#queries/accounts/webauthn'

interface SecondStepProps {
  /** Second factors that this person has. */
  methods: readonly FactorMethod[]
  /** Called after signing in. */
  onDone: () => void
  /** Returns to the password step. */
  onBack: () => void
}

type Way = FactorMethod

const Proof = z.object({
  code: z.string().refine((typed) => /^\d{6}$/.test(typed.replaceAll(/\s/g, '')), 'Enter the six digits that the app shows.'),
})
const Recovery = z.object({ recoveryCode: z.string().min(1, 'Enter one of your recovery codes.').max(100) })

const others: Record<Way, string> = {
  totp: 'Use a code from the app',
  passkey: 'Use a passkey',
  'recovery-code': 'Use a recovery code',
}

/** The second factor of a sign-in, shown in the card of the first step: a code, a passkey or a recovery code. */
export function SecondStep({ methods, onDone, onBack }: SecondStepProps) {
  const [way, setWay] = useState<Way>(methods[0] ?? 'totp')
  const ways = { totp: ByCode, passkey: ByPasskey, 'recovery-code': ByRecoveryCode }
  const Chosen = ways[way]
  return (
    <>
      <Chosen onDone={onDone} />
      <div className="mt-5 border-t border-line pt-3">
        <div className="-mx-2.5 -mb-2 flex flex-col items-start">
          {methods
            .filter((method) => method !== way)
            .map((method) => (
              <Button key={method} variant="ghost" size="sm" onClick={() => setWay(method)}>
                {others[method]}
              </Button>
            ))}
          <Button variant="ghost" size="sm" onClick={onBack}>
            Back
          </Button>
        </div>
      </div>
    </>
  )
}

function ByCode({ onDone }: Pick<SecondStepProps, 'onDone'>) {
  const prove = useSecondStep()
  const form = useForm({ resolver: zodResolver(Proof), defaultValues: { code: '' } })
  return (
    <Form
      form={form}
      disposable
      error={prove.error}
      pending={prove.isPending || prove.isSuccess}
      submitLabel="Sign in"
      onSubmit={({ code }) => prove.mutate({ code }, { onSuccess: onDone })}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- what the page now asks for */}
      <CodeField control={form.control} name="code" hint="The six digits that your authenticator app shows now." autoFocus />
    </Form>
  )
}

function ByRecoveryCode({ onDone }: Pick<SecondStepProps, 'onDone'>) {
  const prove = useSecondStep()
  const form = useForm({ resolver: zodResolver(Recovery), defaultValues: { recoveryCode: '' } })
  return (
    <Form
      form={form}
      disposable
      error={prove.error}
      pending={prove.isPending || prove.isSuccess}
      submitLabel="Sign in"
      onSubmit={({ recoveryCode }) => prove.mutate({ recoveryCode }, { onSuccess: onDone })}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- what the page now asks for */}
      <RecoveryCodeField control={form.control} name="recoveryCode" hint="Each code works once." autoFocus />
    </Form>
  )
}

function ByPasskey({ onDone }: Pick<SecondStepProps, 'onDone'>) {
  const prove = useSecondStep()
  const obstacle = usePasskeyObstacle()
  return (
    <div className="space-y-4">
      {prove.error && <Notice tone="warning">{prove.error.message}</Notice>}
      <Button
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- what the page now asks for
        autoFocus
        variant="primary"
        className="w-full"
        icon={<KeyRound className="size-3.5" />}
        pending={prove.isPending || prove.isSuccess}
        disabledReason={obstacle}
        onClick={() => prove.mutate('passkey', { onSuccess: onDone })}
      >
        Use your passkey
      </Button>
    </div>
  )
}
