import type { Metadata } from 'next'
import { ChooseOrganization } from './choose-organization.tsx'

export const metadata: Metadata = { title: 'Console' }

export default function ConsolePage() {
  return <ChooseOrganization />
}
