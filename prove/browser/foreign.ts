/** A request that is not from our page: the headers that a browser would send, and those that an attacker might make it send. */
export type Foreign = { what: string; headers: Record<string, string>; as?: 'json' | 'text' | 'form' | 'multipart' }

const evil = 'https://evil.example'

/** For a request with a body or a changing method, a browser always states its origin, in one of these ways. */
export const foreignTo = (own: string): Foreign[] => {
  const { protocol, hostname, port, host } = new URL(own)
  const origins = [
    evil,
    'null',
    `${protocol}//sub.${host}`,
    `${protocol}//${hostname}:${Number(port) - 1}`,
    `${protocol}//${hostname}`,
    `${protocol === 'http:' ? 'https' : 'http'}://${host}`,
    `${own}.evil.example`,
    `${protocol}//${host}@evil.example`,
    `${own}/`,
    `${own}, ${evil}`,
    `${evil}, ${own}`,
    own.replace('127.0.0.1', 'localhost'),
    own.replace('127.0.0.1', '127.0.0.1.'),
    'file://',
    'chrome-extension://abcdefghijklmnop',
    '',
  ]
  const sites = ['cross-site', 'same-site', 'none', 'same-origin, cross-site', 'SAME-ORIGIN', '']
  return [
    ...origins.map((origin) => ({ what: `Origin: ${origin}`, headers: { origin } })),
    ...sites.map((site) => ({ what: `Sec-Fetch-Site: ${site}`, headers: { 'sec-fetch-site': site } })),
    ...sites.map((site) => ({
      what: `Sec-Fetch-Site: ${site} beside our Origin`,
      headers: { 'sec-fetch-site': site, origin: own },
    })),
    ...(['json', 'text', 'form', 'multipart'] as const).map((as) => ({
      what: `${as} of a foreign page`,
      as,
      headers: { origin: evil, referer: `${evil}/page`, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    })),
    {
      what: 'a form that a foreign page submits',
      as: 'form',
      headers: { origin: 'null', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    },
  ]
}

/**
 * With a session cookie, requests that state no origin are refused too, and so are the forms that any page could submit, ours
 * included.
 */
export const unproven = (own: string): Foreign[] => [
  { what: 'neither Origin nor Sec-Fetch-Site', headers: {} },
  { what: 'Referer alone, ours', headers: { referer: `${own}/console` } },
  { what: 'Referer alone, foreign', headers: { referer: `${evil}/` } },
  { what: 'X-Requested-With alone', headers: { 'x-requested-with': 'XMLHttpRequest' } },
  { what: 'Host and X-Forwarded-Host that name the Origin', headers: { origin: evil, 'x-forwarded-host': 'evil.example' } },
  ...(['text', 'form', 'multipart'] as const).map((as) => ({
    what: `${as} of our own origin`,
    as,
    headers: { origin: own, 'sec-fetch-site': 'same-origin' },
  })),
]

const flat = (body: object) => Object.entries(body).map(([name, value]) => [name, String(value)] as [string, string])

function multipart(body: object): Blob {
  const parts = flat(body).map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  return new Blob([...parts, '--x--\r\n'], { type: 'multipart/form-data; boundary=x' })
}

/** The body as that kind of form would carry it; JSON inside text is the classic trick. */
export function carried(body: object, as: Foreign['as'] = 'json'): { raw: string | Blob; headers: Record<string, string> } {
  if (as === 'multipart') return { raw: multipart(body), headers: {} }
  const type = { json: 'application/json', text: 'text/plain', form: 'application/x-www-form-urlencoded' }[as]
  return {
    raw: as === 'form' ? new URLSearchParams(flat(body)).toString() : JSON.stringify(body),
    headers: { 'content-type': type },
  }
}
