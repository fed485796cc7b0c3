import { paths } from './paths.ts'

const base = 'http://console'

/** Where to go after signing in: a path of this origin, else the console. */
export function nextPath(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || !URL.canParse(next, base)) return paths.console
  const url = new URL(next, base)
  // `//elsewhere` and `/\elsewhere` start with a slash and lead to another origin; so does `/.//elsewhere` once normalized.
  return url.origin === base && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : paths.console
}
