import { createHash, randomBytes } from 'node:crypto'

/** A text that must not turn up. `home` is where it was given out, and may be said again: shown once, or to its owner. */
export type Canary = { name: string; text: string; home?: string | undefined }

/** Somewhere that a secret could have got to. */
export type Place = { name: string; text: string }

/** Unlike everything else there is, with characters that JSON, HTML and addresses each write in their own way. */
export const newSecret = (kind: string) => `${kind} "${randomBytes(9).toString('hex')}" <&> é+${randomBytes(9).toString('hex')}`

/** As base64 has it wherever it stands in something longer: three ways, without what its neighbours decide. */
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

/** Every way in which a text might be written down. A digest tells a password, which can be guessed, and no token. */
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

/** Finds canaries in texts, in every form that they may have. */
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

/** What is told of a token instead of its text: its id, or how it begins. */
const isNoSecret = (text: string) =>
  text.length < HEAD || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) || /^bh[pu]_\w{1,8}$/.test(text)

const secretKeys = new Set(['password', 'newPassword', 'value', 'token', 'secret', 'uri', 'link', 'codes', 'recoveryCodes'])

/** What a body holds under the names of secrets, however deep. */
export function secretsIn(body: unknown, key = ''): [key: string, text: string][] {
  if (typeof body === 'string') return secretKeys.has(key) && !isNoSecret(body) ? [[key, body]] : []
  if (Array.isArray(body)) return body.flatMap((one) => secretsIn(one, key))
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([name, inner]) => secretsIn(inner, name))
}
