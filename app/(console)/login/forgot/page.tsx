import type { Metadata } from 'next'
import { ForgotForm } from './forgot-form.tsx'

export const metadata: Metadata = { title: 'Reset your password' }

export default function ForgotPage() {
  return <ForgotForm />
}
