import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { LoginForm } from './login-form.tsx'
import { nextPath } from '#contract/next-path'

export const metadata: Metadata = { title: 'Sign in' }

/** Somebody sent here with a session's cookie had a session: it has ended. */
export default async function LoginPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams
  const jar = await cookies()
  const hadSession = jar.getAll().some(({ name }) => name.includes('next-auth.session-token'))
  return <LoginForm next={nextPath(next)} ended={next !== undefined && hadSession} />
}
