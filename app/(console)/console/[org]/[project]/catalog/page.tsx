import type { Metadata } from 'next'
import { Catalog } from './catalog.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Catalog · ${project}` }
}

export default async function CatalogPage({ params }: PageProps) {
  const { org, project } = await params
  return <Catalog org={org} project={project} />
}
