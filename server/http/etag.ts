import { crc32 } from 'node:zlib'
import { versionOf } from '#domain/versions'
import type { Json } from './formats/print.ts'

/**
 * The version for `If-Match`, and the checksum for `If-None-Match`, since an answer also shows data of other resources. Undefined
 * for a resource without a version.
 */
export function etagOf({ updatedAt }: Record<string, unknown>, body: Json): string | undefined {
  return typeof updatedAt === 'string' ? `"${versionOf({ updatedAt })}-${crc32(body).toString(36)}"` : undefined
}

/** What a proxy that compresses adds to a tag: `"…-gzip"` (Apache, Caddy), `"…--gzip"` (Jetty), `"…;gzip"`, `"…"-gzip`. */
const BY_PROXY = /^(?:"?(?:--?|[;:])(?:x-gzip|gzip|br|zstd|deflate|compress))?"?$/i

/** Whether a read's `If-None-Match` names this version, in a list, or as changed by a proxy: weak or with its compression. */
export function isKnown({ method, headers }: Request, etag: string | undefined): boolean {
  if (etag === undefined || (method !== 'GET' && method !== 'HEAD')) return false
  const known = headers.get('if-none-match')?.split(',') ?? []
  const open = etag.slice(0, -1)
  return known.some((listed) => {
    const tag = listed.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag || (tag.startsWith(open) && BY_PROXY.test(tag.slice(open.length)))
  })
}

/** The versions in `If-Match`, without quotes. */
export const ifMatchOf = ({ headers }: Request): string | null => headers.get('if-match')?.replaceAll(/W\/|[" ]/g, '') ?? null
