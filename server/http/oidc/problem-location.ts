import { ownUrl } from '#config/settings'
import { paths } from '#contract/paths'
import type { Flow } from './flow.ts'

/** The page to show after a failed sign-in: the one that it would have returned to, with the error's code. */
export function problemLocation(code: string, flow?: Pick<Flow, 'purpose' | 'next'>): string {
  const page = flow?.purpose === 'again' ? paths.provenAgain : flow?.purpose === 'link' ? flow.next : paths.login()
  const url = ownUrl(page)
  url.searchParams.set('problem', code)
  if (page === paths.login() && flow) url.searchParams.set('next', flow.next)
  return url.pathname + url.search
}
