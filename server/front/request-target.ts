/** `.` and `..`, also as a percent-encoding that every reader of URLs decodes. */
const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i

/**
 * Whether everybody who reads this request target takes it for the same path of this server: an absolute path without a second
 * slash at its start (a foreign host, to some), dot segments, backslashes or a fragment. Whatever stands behind the front decides by it.
 */
export function isPlainTarget(target: string): boolean {
  const [path = ''] = target.split('?', 1)
  return /^\/(?!\/)/.test(path) && !/[\\#]/.test(path) && !dotSegment.test(path)
}
