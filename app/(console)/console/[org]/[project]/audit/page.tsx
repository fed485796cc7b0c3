import type { Metadata } from 'next'
import { AuditTable } from './audit-table.tsx'

type Props = { params: Promise<{ org: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Audit log · ${(await params).project}` }
}

export default async function AuditPage({ params }: Props) {
  return <AuditTable {...await params} />
}
