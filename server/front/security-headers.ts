import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A year, for this host alone: other hosts of the domain may not use https. */
const STRICT_TRANSPORT = 'max-age=31536000'

/** An API answer is data: when displayed by itself it may load, run and frame nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

/**
 * A page runs only scripts with this answer's nonce, and what those load, so user text cannot run. `style` attributes are allowed
 * because positions and sizes use them and they cannot carry a nonce. `next dev` needs eval and a socket.
 */
export function pagePolicy(nonce: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    dev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

type Site = { isHttps: boolean; dev: boolean }

/** For every answer, whatever produces it. */
function guard(response: ServerResponse, { isHttps }: Site) {
  response.setHeader('x-content-type-options', 'nosniff')
  if (isHttps) response.setHeader('strict-transport-security', STRICT_TRANSPORT)
}

export function guardData(response: ServerResponse, site: Site): void {
  guard(response, site)
  response.setHeader('content-security-policy', dataPolicy)
}

/**
 * Next reads the nonce for its own scripts from the policy in the request; the root layout reads `x-nonce`. A client can set
 * neither.
 */
export function guardPage(request: IncomingMessage, response: ServerResponse, site: Site): void {
  const nonce = randomBytes(16).toString('base64')
  const policy = pagePolicy(nonce, site.dev)
  request.headers['content-security-policy'] = policy
  request.headers['x-nonce'] = nonce
  guard(response, site)
  response.setHeader('content-security-policy', policy)
  // Prevents clickjacking through a foreign frame, and access from a window that opened the console.
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
}
