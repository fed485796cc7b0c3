'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import type { FactorMethod } from '#contract/accounts/factors'
import { Form } from '#components/form/form'
import { CodeField, RecoveryCodeField } from '#components/form/proof-field'
import { Button } from '#components/ui/button'
import { useSecondStep } from '#queries/accounts/session'
import { ByPasskey } from './by-passkey.tsx'

interface SecondStepProps {
  /** Second factors that this person has. */
  methods: readonly FactorMethod[]
  /** Called after signing in. */
  onDone: () => void
  /** Returns to the password step. */
  onBack: () => void
}

const Code = z
  .string()
  .refine((digits) => /^\d{6}$/.test(digits.replaceAll(/\s/g, '')), 'Enter the six digits that the app shows.')
const RecoveryCode = z.string().min(1, 'Enter one of your recovery codes.').max(100)

/** Only one of the two is typed. */
const typed = {
  totp: z.object({ code: Code, recoveryCode: z.string() }),
  'recovery-code': z.object({ code: z.string(), recoveryCode: RecoveryCode }),
}

const others: Record<FactorMethod, string> = {
  totp: 'Use a code from the app',
  passkey: 'Use a passkey',
  'recovery-code': 'Use a recovery code',
}

/** The second factor of a sign-in, shown in the card of the first step: a code, a passkey or a recovery code. */
export function SecondStep({ methods, onDone, onBack }: SecondStepProps) {
  const [way, setWay] = useState<FactorMethod>(methods[0] ?? 'totp')
  return (
    <>
      {way === 'passkey' ? <WithPasskey onDone={onDone} /> : <ByCode key={way} {...{ way, onDone }} />}
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

function WithPasskey({ onDone }: Pick<SecondStepProps, 'onDone'>) {
  return <ByPasskey alone prove={useSecondStep()} onProven={onDone} />
}

interface ByCodeProps {
  way: keyof typeof typed
  onDone: () => void
}

/** A code of the app, or a recovery code. */
function ByCode({ way, onDone }: ByCodeProps) {
  const prove = useSecondStep()
  const form = useForm({ resolver: zodResolver(typed[way]), defaultValues: { code: '', recoveryCode: '' } })
  return (
    <Form
      form={form}
      disposable
      error={prove.error}
      pending={prove.isPending || prove.isSuccess}
      submitLabel="Sign in"
      onSubmit={({ code, recoveryCode }) => prove.mutate(way === 'totp' ? { code } : { recoveryCode }, { onSuccess: onDone })}
    >
      {way === 'totp' ? (
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- what the page now asks for
        <CodeField control={form.control} name="code" hint="The six digits that your authenticator app shows now." autoFocus />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- what the page now asks for
        <RecoveryCodeField control={form.control} name="recoveryCode" hint="Each code works once." autoFocus />
      )}
    </Form>
  )
}
