import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { oidcProvider } from '#config/settings'
import { nextPath } from '#contract/next-path'
import { problemSentence } from '#contract/accounts/oidc-problems'
import { LoginForm } from './login-form.tsx'

export const metadata: Metadata = { title: 'Sign in' }

interface PageProps {
  /** `problem`: the code of an error at the sign-in provider. */
  searchParams: Promise<{ next?: string | string[]; problem?: string | string[] }>
}

/** A viewer who arrives with a session cookie had a session, which has ended. */
export default async function LoginPage({ searchParams }: PageProps) {
  const { next, problem } = await searchParams
  const jar = await cookies()
  const hadSession = jar.getAll().some(({ name }) => name.includes('next-auth.session-token'))
  return (
    <LoginForm
      next={nextPath(next)}
      ended={next !== undefined && hadSession && problem === undefined}
      problem={typeof problem === 'string' ? problemSentence(problem) : null}
      provider={oidcProvider()?.name ?? null}
    />
  )
}
