import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { findGuide } from '../../guides.ts'

interface GuidePageProps {
  params: Promise<{ name: string[] }>
}

const guideOf = async ({ params }: GuidePageProps) => findGuide((await params).name.join('/'))

export async function generateMetadata(props: GuidePageProps): Promise<Metadata> {
  return { title: (await guideOf(props))?.title ?? 'Guide' }
}

export default async function GuidePage(props: GuidePageProps) {
  const guide = await guideOf(props)
  if (!guide) notFound()
  return <article className="guide" dangerouslySetInnerHTML={{ __html: guide.html }} />
}
