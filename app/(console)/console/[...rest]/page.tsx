import type { Metadata } from 'next'
import { notFound } from 'next/navigation'

export const metadata: Metadata = { title: 'Not found' }

/** Catches every console URL without a screen. */
export default function UnknownPage() {
  notFound()
}
