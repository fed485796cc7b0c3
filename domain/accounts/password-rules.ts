import { commonPasswords, commonWords } from './common-passwords.ts'
import { DomainError } from '../errors.ts'

/** The future owner of the password: what others know about them is no secret. */
export type Owner = { email: string; name: string }

const PRODUCT = 'bulkhead'
const rows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
]
const sequences = rows.flatMap((row) => [row, row.split('').toReversed().join('')])
const look: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }

const lettersOf = (text: string) => text.replaceAll(/[^\p{L}]/gu, '')

/** `P@ssw0rd2026!` → `password`: strips the edges and replaces look-alike characters. */
const readAs = (text: string) =>
  lettersOf(text.replaceAll(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '').replaceAll(/[013457@$!]/g, (sign) => look[sign] ?? sign))

/** One piece repeated: `abcabcabcabc`. */
const isRepeated = (text: string) => new Set(text).size < 4 || /^(.{1,8}?)\1+$/u.test(text)

/** The longest run along the alphabet, the digits or a keyboard row that starts here. */
function runAt(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && sequences.some((row) => row.includes(text.slice(start, end + 1)))) end++
  return end - start
}

/** Mostly runs: `abcdefgh1234`, `qwertyuiop12`. */
function isSequential(text: string): boolean {
  let strays = 0
  for (let at = 0; at < text.length;) {
    const run = runAt(text, at)
    if (run < 3) strays += run
    at += run
  }
  return strays <= 2
}

/** One common word, or two. */
const isCommonWord = (letters: string) =>
  commonWords.has(letters) ||
  Array.from({ length: letters.length }, (_, at) => at).some(
    (at) => commonWords.has(letters.slice(0, at)) && commonWords.has(letters.slice(at)),
  )

/** Little more than the product's name or what everyone knows about the person. */
function isPersonal(text: string, { email, name }: Owner): boolean {
  const known = [PRODUCT, email, ...`${email} ${name}`.split(/[^\p{L}\d]+/u)]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= 3)
    .toSorted((a, b) => b.length - a.length)
  const rest = known.reduce((left, part) => left.replaceAll(part, ' '), text)
  return rest !== text && lettersOf(rest).length < 6
}

/** Why a password is refused, phrased to follow "The password"; undefined when it is accepted. The contract checks the length. */
export function passwordProblem(password: string, owner: Owner): string | undefined {
  const text = password.normalize('NFKC').toLowerCase()
  const bare = text.replaceAll(/\s/g, '')
  if (isRepeated(text)) return 'repeats itself. Use a few unrelated words'
  if (isSequential(bare)) return 'follows the alphabet or the keyboard. Use a few unrelated words'
  if (isPersonal(text, owner))
    return 'consists of your name, your email or the product’s name. Use a few words that nobody would link to you'
  if (commonPasswords.has(text) || isCommonWord(readAs(bare)) || isCommonWord(lettersOf(bare)))
    return 'is easy to guess. Use a few unrelated words'
  return undefined
}

/** Throws for a new password that is easy to guess; `path` is the field it came in. */
export function assertStrong(password: string, owner: Owner, path: string): void {
  const problem = passwordProblem(password, owner)
  if (problem) throw new DomainError('weak_password', `The password ${problem}`, [{ path, message: problem }])
}
