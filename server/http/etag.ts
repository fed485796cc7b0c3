import { crc32 } from 'node:zlib'
import { versionOf } from '#domain/versions'

/**
 * The version for `If-Match`; the checksum for `If-None-Match`, since an answer also shows what other resources say. Undefined for what
 * has no version.
 */
export function etagOf({ updatedAt }: Record<string, unknown>, body: string): string | undefined {
  return typeof updatedAt === 'string' ? `"${versionOf({ updatedAt })}-${crc32(body).toString(36)}"` : undefined
}

/** Whether a read's `If-None-Match` names this version: one of a list, or one that a proxy has marked as weak. */
export function isKnown({ method, headers }: Request, etag: string | undefined): boolean {
  if (etag === undefined || (method !== 'GET' && method !== 'HEAD')) return false
  const known = headers.get('if-none-match')?.split(',') ?? []
  return known.some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')))
}

/** The versions that `If-Match` names, without their quotes. */
export const ifMatchOf = ({ headers }: Request): string | null => headers.get('if-match')?.replaceAll(/W\/|[" ]/g, '') ?? null
