import type { IncomingMessage } from 'node:http'
import type { Limits } from './limits.ts'
import type { Refusal } from './refuse-raw.ts'

type Allowed = Pick<Limits, 'pageBody' | 'pageUrlBytes' | 'pageParameters' | 'pageCookies' | 'nextHeaderBytes'>

const countOf = (text = '', separator: string) => text.split(separator).length

/** The longest header that only Next reads. */
const longestOfNext = (headers: IncomingMessage['headers']) =>
  Math.max(0, ...Object.entries(headers).map(([name, value]) => (name.startsWith('next-') ? String(value).length : 0)))

/**
 * What is wrong with a request that Next serves: pages, their files and next-auth. Next would read a body of any length. Its work
 * grows with the square of the parameters and of the levels in `Next-Router-State-Tree`, and next-auth's with that of the cookies:
 * 7,500 parameters hold the event loop for 1.5 s, 1,500 levels for 0.3 s, 1,200 cookies for 0.3 s.
 */
export function pageRefusal({ url = '', headers }: IncomingMessage, allowed: Allowed): Refusal | undefined {
  const { pageBody, pageUrlBytes, pageParameters, pageCookies, nextHeaderBytes } = allowed
  if (url.length > pageUrlBytes)
    return { code: 'url_too_long', sentence: `The URL of a page must be at most ${pageUrlBytes / 1024} KiB` }
  // Of the whole URL, since a query may hold more question marks.
  if (countOf(url, '&') > pageParameters)
    return { code: 'url_too_long', sentence: `The URL of a page must have at most ${pageParameters} parameters` }
  if (countOf(headers.cookie, ';') > pageCookies)
    return { code: 'headers_too_large', sentence: `The request of a page must have at most ${pageCookies} cookies` }
  if (longestOfNext(headers) > nextHeaderBytes)
    return {
      code: 'headers_too_large',
      sentence: `Each Next- header of a page's request must be at most ${nextHeaderBytes / 1024} KiB`,
    }
  if (headers['transfer-encoding'] !== undefined)
    return { code: 'length_required', sentence: 'Send the length of the body in a Content-Length header' }
  if (Number(headers['content-length'] ?? 0) <= pageBody) return undefined
  return { code: 'body_too_large', sentence: `The body must be at most ${pageBody / 1024} KiB` }
}
