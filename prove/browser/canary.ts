import { createHash, randomBytes } from 'node:crypto'

/** A text that must not leak. `home` is where it was issued and may appear again: shown once, or to its owner. */
export type Canary = { name: string; text: string; home?: string | undefined }

/** A place that a secret could have reached. */
export type Place = { name: string; text: string }

/** A unique text, with characters that JSON, HTML and URLs each encode differently. */
export const newSecret = (kind: string) => `${kind} "${randomBytes(9).toString('hex')}" <&> é+${randomBytes(9).toString('hex')}`

/** The base64 forms inside a longer text: one per alignment, without the characters that the neighbors decide. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const own = all.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1)
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

const inHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const digests = (bytes: Buffer) =>
  (['md5', 'sha1', 'sha256', 'sha512'] as const).flatMap((name) =>
    (['hex', 'base64'] as const).map((encoding) => createHash(name).update(bytes).digest(encoding)),
  )

/** Every form in which a text might be written. A digest reveals a password, which can be guessed, but no token. */
function formsOf({ name, text }: Canary): string[] {
  const bytes = Buffer.from(text)
  const hex = bytes.toString('hex')
  const json = JSON.stringify(text).slice(1, -1)
  const forms = [
    text,
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(text),
    new URLSearchParams({ a: text }).toString().slice(2),
    inHtml(text),
    hex,
    hex.toUpperCase(),
    ...inBase64(bytes),
    ...(name.startsWith('password') ? digests(bytes) : []),
  ]
  return [...new Set(forms)]
}

/** Shorter ones would be found by chance. */
const HEAD = 10

/** Finds canaries in texts, in all their forms. */
export function searchFor(canaries: readonly Canary[]) {
  const byHead = new Map<string, { form: string; canary: Canary }[]>()
  for (const canary of canaries) {
    for (const form of formsOf(canary)) {
      if (form.length < HEAD) throw new Error(`${canary.name} is too short to be looked for`)
      const head = form.slice(0, HEAD)
      byHead.set(head, [...(byHead.get(head) ?? []), { form, canary }])
    }
  }
  return function found(text: string): Canary[] {
    const all = new Set<Canary>()
    for (let at = 0; at + HEAD <= text.length; at++) {
      const near = byHead.get(text.slice(at, at + HEAD))
      for (const { form, canary } of near ?? []) if (text.startsWith(form, at)) all.add(canary)
    }
    return [...all]
  }
}

/** What may be shown of a token instead of its text: its id, or its prefix. */
const isNoSecret = (text: string) =>
  text.length < HEAD || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) || /^bh[pu]_\w{1,8}$/.test(text)

const secretKeys = new Set(['password', 'newPassword', 'value', 'token', 'secret', 'uri', 'link', 'codes', 'recoveryCodes'])

/** Everything that a body holds under the names of secrets, at any depth. */
export function secretsIn(body: unknown, key = ''): [key: string, text: string][] {
  if (typeof body === 'string') return secretKeys.has(key) && !isNoSecret(body) ? [[key, body]] : []
  if (Array.isArray(body)) return body.flatMap((one) => secretsIn(one, key))
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([name, inner]) => secretsIn(inner, name))
}
