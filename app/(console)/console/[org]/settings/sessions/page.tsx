import type { Metadata } from 'next'
import { SessionsTable } from './sessions-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Sessions · ${org}` }
}

export default function SessionsPage() {
  return <SessionsTable />
}
