import type { Metadata } from 'next'
import { WipesTable } from './wipes-table.tsx'

type Props = { params: Promise<{ org: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Nuke receipts · ${(await params).project}` }
}

export default async function WipesPage({ params }: Props) {
  return <WipesTable {...await params} />
}
