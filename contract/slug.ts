/**
 * Letters that don't come apart into a Latin letter and its marks. A table of our own: a library for every script is larger than a
 * page of the console, and a name in another script only leaves the suggestion empty.
 */
const LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'ßss æae œoe øo łl đd ðd þth ħh ıi ŋn ŧt əe ĸk ȷj',
    'αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo',
    'аa бb вv гg дd еe ёyo жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya',
    'іi їyi єye ґg ўu ђdj јj љlj њnj ћc џdz ѓgj ќkj ѕdz',
  ].flatMap((script) => script.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)] as const)),
)

/** A letter as ASCII letters where there is a common way to write it so; else as it is, without its marks. */
function inAscii(letter: string): string {
  const known = LETTERS[letter]
  if (known !== undefined) return known
  return Array.from(letter.normalize('NFKD').replaceAll(/\p{M}/gu, ''), (part) => LETTERS[part] ?? part).join('')
}

/** "Café Nord & Söhne" → "cafe-nord-sohne", "Straße" → "strasse": a slug that the API accepts, or an empty text. */
export const suggestedSlug = (name: string): string =>
  Array.from(name.toLowerCase().normalize('NFC'), inAscii)
    .join('')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+/g, '')
    .slice(0, 48)
    .replaceAll(/-+$/g, '')
