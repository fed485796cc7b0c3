import { redirect } from 'next/navigation'
import { paths } from '#contract/paths'

export default function Home() {
  redirect(paths.console)
}
