import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OperationEntry } from '../operation-entry.tsx'
import { groups } from '../reference.ts'

interface TagPageProps {
  params: Promise<{ tag: string }>
}

const groupOf = async ({ params }: TagPageProps) => {
  const { tag } = await params
  return groups.find(({ slug }) => slug === tag)
}

export async function generateMetadata(props: TagPageProps): Promise<Metadata> {
  const group = await groupOf(props)
  return { title: group ? `${group.tag} · API` : 'API' }
}

export default async function TagPage(props: TagPageProps) {
  const group = await groupOf(props)
  if (!group) notFound()
  return (
    <>
      <h1 className="pb-3 text-xl font-semibold tracking-tight">{group.tag}</h1>
      {group.operations.map((operation) => (
        <OperationEntry key={operation.id} operation={operation} />
      ))}
    </>
  )
}
