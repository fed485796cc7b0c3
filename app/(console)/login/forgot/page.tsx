import type { Metadata } from 'next'
import { ForgotForm } from './forgot-form.tsx'

export const metadata: Metadata = { title: 'Forgotten password' }

export default function ForgotPage() {
  return <ForgotForm />
}
