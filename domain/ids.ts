import { v7 } from 'uuid'

/** A UUIDv7: made by the application, ordered by time. */
export const newId = () => v7()

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isId = (text: string) => uuid.test(text)
