import { randomUUID } from 'node:crypto'
import { v7 } from 'uuid'
import { Slug } from '#contract/common'

/** A UUIDv7: made by the application, ordered by time. */
export const newId = () => v7()

/** Names a request in its answer, in the log and in audit events. */
export const newRequestId = () => randomUUID()

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isId = (text: string) => uuid.test(text)

/** How a caller names a project; undefined for a text that no project can have. */
export const projectKey = (idOrSlug: string): { id: string } | { slug: string } | undefined =>
  isId(idOrSlug) ? { id: idOrSlug.toLowerCase() } : Slug.safeParse(idOrSlug).success ? { slug: idOrSlug } : undefined

/** Lower than every id made from this time on. */
export function lowestId(from: Date): string {
  const time = from.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
