import type { ReactNode } from 'react'
import { OrganizationFrame } from './_frame/organization-frame.tsx'

export default async function OrganizationLayout({
  params,
  children,
}: {
  params: Promise<{ org: string }>
  children: ReactNode
}) {
  const { org } = await params
  return <OrganizationFrame org={org}>{children}</OrganizationFrame>
}
