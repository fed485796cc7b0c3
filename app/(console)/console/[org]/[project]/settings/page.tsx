import type { Metadata } from 'next'
import { Settings } from './settings.tsx'

type Props = { params: Promise<{ org: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Settings · ${(await params).project}` }
}

export default async function SettingsPage({ params }: Props) {
  return <Settings {...await params} />
}
