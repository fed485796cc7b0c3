'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ProviderProof } from '#components/sign-in/provider-proof'
import { Or } from '#components/sign-in/provider-sign-in'
import { Field } from '#components/ui/field'
import { Input } from '#components/ui/input'
import { Notice } from '#components/ui/notice'
import type { ApiError } from '#queries/call'
import { useReauthenticate } from '#queries/me'
import { signInMethodsQuery } from '#queries/oidc'

/** Both are asked about in the dialog, so they are no errors of it. */
const isAsked = ({ code }: ApiError) => code === 'reauthentication_required' || code === 'wrong_password'

type State = 'none' | 'asked' | 'proven'

/** For a dialog whose action needs a fresh sign-in: asks in the same dialog who one is, once the API says that the sign-in is stale. */
export function useProof() {
  const [state, setState] = useState<State>('none')
  const [password, setPassword] = useState('')
  const reauthenticate = useReauthenticate()
  const methods = useQuery({ ...signInMethodsQuery(), enabled: state !== 'none' })
  const { data } = methods
  const provider = data && data.identities.length > 0 ? data.provider : null
  return {
    /** For the action's `onError`. */
    onError: ({ code }: ApiError) => code === 'reauthentication_required' && setState('asked'),
    /** Proves the password that was asked for, then acts; acts at once where nothing is asked. */
    proveThen(act: () => void) {
      if (state !== 'asked') return act()
      reauthenticate.mutate(password, {
        onSuccess: () => {
          setState('none')
          setPassword('')
          act()
        },
      })
    },
    pending: reauthenticate.isPending,
    /** Of the action's error and the proof's own, what is not asked about. */
    errorOf: (error: ApiError | null) =>
      [error, reauthenticate.error, methods.error].find((one) => one && !isAsked(one))?.message,
    disabledReason:
      state === 'asked' && password === '' ? (data?.password === false ? 'Prove first who you are' : 'Give your password') : null,
    proof:
      state === 'proven' ? (
        <div role="status">
          <Notice>You have proven who you are. Go on.</Notice>
        </div>
      ) : (
        state === 'asked' &&
        data && (
          <div>
            {data.password && (
              <Field
                label="Your password"
                hint="You signed in more than ten minutes ago."
                error={reauthenticate.error?.code === 'wrong_password' && 'That is not your password'}
              >
                <Input ref={focus} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
              </Field>
            )}
            {data.password && provider && <Or />}
            {provider && (
              <>
                {!data.password && <p className="mb-2 text-muted">You signed in more than ten minutes ago.</p>}
                <ProviderProof provider={provider.name} alone={!data.password} onProven={() => setState('proven')} />
              </>
            )}
            {!data.password && !provider && (
              <Notice tone="warning">You signed in more than ten minutes ago. Sign out, and sign in again.</Notice>
            )}
          </div>
        )
      ),
  }
}

const focus = (input: HTMLInputElement | null) => input?.focus()
