import { z } from 'zod'
import { Email } from '#contract/email'

/** How many people one request invites. */
const MOST = 200

/** What copying from a page leaves behind: marks of direction, spaces of no width. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
/** Each alternative ends at the first character that it does not allow, so that the time grows with the length alone. */
const PARTS = /"[^"]*"|“[^“”]*”|<[^<>]*>|[^,;，；、،؛"“<]+|[^]/gu
const SEPARATOR = /^[,;，；、،؛]$/u

/** `jane.doe.example`: an address without its `@` is not taken for a name. */
const LIKE_A_DOMAIN = /[\p{L}\p{N}]\.\p{L}{2,}(?:\s|$)/u

const canBeName = (text: string) => !text.includes('@') && !LIKE_A_DOMAIN.test(text)

interface Piece {
  /** As it was pasted. */
  text: string
  /** What stands in angle brackets. */
  angled: string[]
  /** What stands outside of quotes and after the last angle bracket. */
  rest: string
  /** It ends with a comma, as `Doe` in `Doe, Jane <jane@x.example>` does. */
  comma: boolean
}

const emptyPiece = (): Piece => ({ text: '', angled: [], rest: '', comma: false })

/** A line or a cell, cut at commas and semicolons that no quotes enclose. */
function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = []
  let piece = emptyPiece()
  for (const [part] of line.matchAll(PARTS)) {
    if (SEPARATOR.test(part)) {
      pieces.push({ ...piece, comma: part === ',' })
      piece = emptyPiece()
      continue
    }
    piece.text += part
    if (part.length > 1 && part.startsWith('<')) {
      piece.angled.push(part.slice(1, -1))
      // What stood before it is a name, even one with an address in it.
      piece.rest = ''
    } else if (part.length === 1 || !/^["“]/.test(part)) piece.rest += part
  }
  return [...pieces, piece].filter(({ text }) => text.trim() !== '')
}

/** Leaves out the pieces that are the first parts of a name: `Doe` in `Doe, Jane <jane@x.example>`. */
function withoutNames(pieces: readonly Piece[]): Piece[] {
  let isBeforeName = false
  const others = pieces.toReversed().filter((piece) => {
    const isName = isBeforeName && piece.comma && piece.angled.length === 0 && canBeName(piece.text)
    isBeforeName = isName || piece.angled.length > 0
    return !isName
  })
  return others.toReversed()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** An address without what surrounds it: `mailto:` and its query, quotes, the dot of a sentence. */
function bare(text: string): string {
  const trimmed = text.trim()
  const address = /^mailto:/i.test(trimmed) ? decoded(trimmed.slice('mailto:'.length)) : trimmed
  return address
    .replace(/^(['"])(.*)\1$/, '$2')
    .replace(/(@[^@?]*)\?.*$/, '$1')
    .replace(/\.$/, '')
}

/** An address in one row of a request can be this long; what is longer is none, and is not looked at. */
const isAddress = (text: string) => text.length <= 1000 && Email.safeParse(text).success

interface Candidate {
  address: string
  /** What to keep when it is no address. */
  text: string
}

function candidatesOf(piece: Piece): Candidate[] {
  const { angled, rest } = piece
  const text = piece.text.trim()
  if (/[<>]/.test(rest)) return [{ address: '', text }]
  // Words alone are one entry; a space separates addresses.
  const words = (rest.includes('@') ? rest : '')
    .replaceAll(/\([^()]*\)/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && (angled.length === 0 || word.includes('@')))
    .map((word) => ({ address: bare(word), text: word }))
  const found = [...angled.map((address) => ({ address: bare(address), text })), ...words]
  return found.length > 0 ? found : [{ address: bare(text), text }]
}

export interface ReadAddresses {
  /** Each address once, as it is stored. */
  emails: string[]
  /** What is no address, as it was pasted. */
  wrong: string[]
}

/**
 * Reads addresses as people paste them: one a line, from mail programs (`"Doe, Jane" <jane@x.example>; …`), from the columns of a
 * sheet, or from links.
 */
export function readAddresses(pasted: string): ReadAddresses {
  const emails = new Set<string>()
  const wrong = new Set<string>()
  for (const line of pasted.replaceAll(INVISIBLE, '').split(/[\r\n\u2028\u2029]+/)) {
    const cells = line.split('\t')
    // Beside an address in a sheet, a cell without one is the person's name.
    const withAddresses = line.includes('@') ? cells.filter((cell) => !canBeName(cell)) : cells
    for (const { address, text } of withAddresses.flatMap((cell) => withoutNames(piecesOf(cell)).flatMap(candidatesOf))) {
      if (isAddress(address)) emails.add(Email.parse(address))
      else wrong.add(text)
    }
  }
  return { emails: [...emails], wrong: [...wrong] }
}

/** The text of the field. What is no address is not sent, and stays in the field. */
export const addressesText = z
  .string()
  .transform(readAddresses)
  .superRefine(({ emails, wrong }, context) => {
    const message =
      emails.length + wrong.length === 0
        ? 'Enter at least one email address.'
        : emails.length > MOST
          ? `These are ${emails.length.toLocaleString('en')} addresses. Enter at most ${MOST} at once.`
          : null
    if (message) context.addIssue({ code: 'custom', message })
  })
