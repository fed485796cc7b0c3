import type { Metadata } from 'next'
import { notFound } from 'next/navigation'

export const metadata: Metadata = { title: 'Not found' }

/** Every address below the console that no screen has. */
export default function UnknownPage() {
  notFound()
}
