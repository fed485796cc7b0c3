import type { Metadata } from 'next'
import { ResetPassword } from './reset-password.tsx'

export const metadata: Metadata = { title: 'New password', referrer: 'no-referrer' }

export default async function ResetPasswordPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  return <ResetPassword token={token} />
}
