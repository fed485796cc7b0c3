/** `.` and `..`, also percent-encoded, which every URL parser decodes. */
const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i

/**
 * Whether every reader of this request target sees the same path on this server: absolute, without a second leading slash (which
 * some read as a foreign host), dot segments, backslashes or a fragment. Everything behind the front relies on it.
 */
export function isPlainTarget(target: string): boolean {
  const [path = ''] = target.split('?', 1)
  return /^\/(?!\/)/.test(path) && !/[\\#]/.test(path) && !dotSegment.test(path)
}
