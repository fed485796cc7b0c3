export type Coding = 'br' | 'gzip'

/** Of codings that a client likes equally, the first: brotli takes as long as gzip here, and makes less of it. */
const codings = ['br', 'gzip'] as const satisfies Coding[]

const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i

/** The quality of each coding that the header names. What is not written as RFC 9110, 12.4.2, says is left out. */
function qualitiesIn(header: string): Map<string, number> {
  const qualities = new Map<string, number>()
  for (const element of header.split(',')) {
    const [name = '', parameter, ...others] = element.split(';').map((part) => part.trim())
    const quality = parameter === undefined ? '1' : QUALITY.exec(parameter)?.[1]
    if (name === '' || quality === undefined || others.length > 0) continue
    const known = name.toLowerCase()
    qualities.set(known === 'x-gzip' ? 'gzip' : known, Number(quality))
  }
  return qualities
}

export type Accepted = {
  /** The coding that the client likes best; undefined when it wants the plain text, or a coding that we don't have. */
  coding: Coding | undefined
  /** `identity;q=0`: the client refuses the plain text. */
  refusesPlain: boolean
}

const plain: Accepted = { coding: undefined, refusesPlain: false }

/** What a client accepts (RFC 9110, 12.5.3). Without the header it gets the plain text. */
export function acceptedIn(header: string | null): Accepted {
  if (header === null || header.trim() === '') return plain
  const qualities = qualitiesIn(header)
  const others = qualities.get('*') ?? 0
  const qualityOf = (name: string) => qualities.get(name) ?? others
  let best: Coding | undefined
  for (const coding of codings)
    if (qualityOf(coding) > 0 && (best === undefined || qualityOf(coding) > qualityOf(best))) best = coding
  const identity = qualities.get('identity')
  if (best !== undefined && identity !== undefined && identity > qualityOf(best)) best = undefined
  return { coding: best, refusesPlain: (identity ?? qualities.get('*')) === 0 }
}
