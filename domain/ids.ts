import { randomUUID } from 'node:crypto'
import { v7 } from 'uuid'

/** A UUIDv7: made by the application, ordered by time. */
export const newId = () => v7()

/** Names a request in its answer, in the log and in audit events. */
export const newRequestId = () => randomUUID()

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isId = (text: string) => uuid.test(text)

/** Lower than every id made from this time on. */
export function lowestId(from: Date): string {
  const time = from.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
