/**
 * Code points that leave no mark: those that Unicode ignores by default, noncharacters, separators of lines, annotations. Some are
 * part of real names; see `partOfName`.
 */
const INVISIBLE = String.raw`\p{DI}\p{NChar}\u2028\u2029\uFFF9-\uFFFB`
/** Blank, although Unicode calls them symbols: the empty Braille pattern and the null notehead. */
const BLANK = String.raw`\u2800\u{1D159}`

const invisible = new RegExp(`[${INVISIBLE}]`, 'u')
const visible = new RegExp(String.raw`[^\p{M}\p{Z}\p{Cc}\p{Cs}${INVISIBLE}${BLANK}]`, 'u')
const blankEnd = new RegExp(`^[${BLANK}]|[${BLANK}]$`, 'u')
const control = /\p{Cc}/u
/** The characters that turn the direction of text around. */
const direction = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u

/** Scripts whose letters never change with a joiner. */
const UNJOINED = ['Latn', 'Grek', 'Cyrl', 'Han', 'Hira', 'Kana', 'Hang', 'Hebr', 'Armn', 'Geor', 'Thai', 'Laoo', 'Ethi']

/**
 * Where an invisible character is part of writing: joiners in emoji and in scripts that join letters, selectors after what has
 * variants, and the tags that spell the flag of a region.
 */
const partOfName = new RegExp(
  [
    String.raw`(?<=\u{1F3F4})[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{2,6}\u{E007F}`,
    String.raw`(?<=[0-9#*])\uFE0F(?=\u20E3)`,
    String.raw`(?<=[\p{ExtPict}\p{EMod}\uFE0F])\u200D(?=\p{ExtPict})`,
    String.raw`(?<=[\p{ExtPict}\p{So}\p{Sm}])[\uFE00-\uFE0F]`,
    String.raw`(?<=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}])[\uFE00-\uFE02\u{E0100}-\u{E01EF}]`,
    String.raw`(?<=[\p{sc=Mymr}\p{sc=Phag}])\uFE00`,
    String.raw`(?<=[\p{sc=Mong}\p{sc=Phag}])[\u180B-\u180F]`,
    String.raw`(?<=(?![${UNJOINED.map((script) => String.raw`\p{sc=${script}}`).join('')}])\p{L}\p{M}*)[\u200C\u200D]`,
  ].join('|'),
  'gu',
)

/**
 * NFC shortens a text to a fourth at most, so longer texts exceed the limit of every name. They are not composed, because that can
 * take time by the square of their length.
 */
const MOST_COMPOSED = 4096

/** The text in NFC, in which a letter with its accents is the same text however it was typed; unless it is longer than any name. */
export const composed = (text: string): string => (text.length > MOST_COMPOSED ? text : text.normalize('NFC'))

/** The forms in which a name may be stored: as sent, in NFC, and in NFD, which only names from before the rule have. */
export const formsOf = (name: string): string[] =>
  name.length > MOST_COMPOSED ? [name] : [...new Set([name, name.normalize('NFC'), name.normalize('NFD')])]

/** What is wrong with a text that names something; undefined when nothing is. */
export function nameProblem(text: string): string | undefined {
  if (text.length > MOST_COMPOSED) return undefined
  if (control.test(text)) return 'must not contain control characters'
  if (direction.test(text)) return 'must not contain characters that change the direction of text'
  if (invisible.test(text) && invisible.test(text.replace(partOfName, ''))) return 'must not contain invisible characters'
  if (text !== '' && !visible.test(text)) return 'must contain a visible character'
  return blankEnd.test(text) ? 'must not begin or end with a blank character' : undefined
}

/** Not the text of a URL's segment: browsers and servers resolve these two, escaped or not. */
export const isDots = (text: string): boolean => text === '.' || text === '..'

/**
 * A password as RFC 8265 prepares it, so that the same password typed on another keyboard is the same bytes: every space is the
 * ASCII one, and letters are composed.
 */
export const preparedPassword = (text: string): string => composed(text.replaceAll(/\p{Zs}/gu, ' '))

/** Characters that no two keyboards produce alike, except those that emoji and joined scripts are made of. */
const unlikely = /\p{Cc}|\p{NChar}|(?!\u200C|\u200D|[\uFE00-\uFE0F])\p{DI}/u

/** What is wrong with a new password besides its length; undefined when nothing is. */
export const passwordTextProblem = (text: string): string | undefined =>
  unlikely.test(text) ? 'must not contain control or invisible characters' : undefined
