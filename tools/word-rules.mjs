/**
 * What `npm run check` refuses in every text; `broken` is a text that only this rule refuses.
 * @typedef {{ refused: RegExp, instead: string, broken: string }} WordRule
 */

/** Where a line ends within a sentence, in prose and in comments. */
const gap = String.raw`(?:\s+(?:(?:\/\/|\/?\*+|--|#|>)\s+)?)`

/**
 * A phrase of whole words in any case, also when it goes on in the next line. `…` stands for up to four words, `|` for "or".
 * @param {string} words
 */
function phrase(words) {
  const pattern = words.replaceAll(' … ', `${gap}(?:[^\\s"'\`]+${gap}){0,4}`).replaceAll(' ', gap)
  return new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, 'gi')
}

/**
 * A label, alone between quotes or tags: the words are innocent in a sentence.
 * @param {string} words
 */
const label = (words) => new RegExp(`(?<=["'\`>]\\s*)(?:${words})(?=…?\\s*["'\`<])`, 'g')

/** @type {WordRule[]} */
const people = [
  {
    refused: /(?<![\w'’])(?:he|him|his|himself)(?!\w)/gi,
    instead: 'they, or the role: the member, the caller, the owner',
    broken: 'The owner is asked for his password.',
  },
]

/** Stems of verbs that American English writes with a z. */
const verbs = [
  'agon|anonym|apolog|author|canonical|capital|categor|central|character|critic|custom|emphas|equal|final|general|harmon|initial|item|jeopard|legal|local|material|maxim|memor',
  'minim|modern|normal|optim|organ|parallel|parametr|penal|personal|priorit|random|real|recogn|sanit|serial|special|stabil|standard|summar|symbol|synchron|token|util|virtual|visual',
].join('|')

/** @type {WordRule[]} */
const spelling = [
  {
    refused: new RegExp(`(?:${verbs})is(?:e[drs]?|ing|ations?(?:al)?)(?![a-z])`, 'gi'),
    instead: 'z for s: organization, recognize, serialized',
    broken: 'Invite them to the organisation.',
  },
  {
    refused: /(?:analys|catalys|paralys)(?:e[ds]?|ing)(?![a-z])/gi,
    instead: 'z for s: analyze',
    broken: 'The tables were never analysed.',
  },
  {
    refused: /(?:behavi|col|fav|flav|harb|hon|hum|lab|neighb|rum|vap)our/gi,
    instead: 'or for our: color, behavior, favor, neighbor',
    broken: 'const neighbour = projects[1]',
  },
  {
    refused: /(?<![a-z])(?:licence|defence|offence|pretence)s?(?![a-z])/gi,
    instead: 'se for ce: license, defense',
    broken: 'Bulkhead has the Apache licence.',
  },
  {
    refused: /(?<![a-z])(?:catalogue|dialogue)(?:s|d)?(?![a-z])/gi,
    instead: 'catalog, dialog',
    broken: 'This removes the catalogue.',
  },
  {
    refused: /(?:cancel|dial|fuel|label|level|model|pedal|signal|total|travel|tunnel)l(?:ed|ing|ers?)(?![a-z])/gi,
    instead: 'one l: canceled, labeled, modeling',
    broken: 'The sign-in was cancelled.',
  },
  {
    refused:
      /(?<![a-z])(?:centre[ds]?|grey(?:ed|s)?|whilst|amongst|learnt|spelt|artefacts?|programmes?|fulfils?|practis(?:e[ds]?|ing))(?![a-z])/gi,
    instead: 'the American word: center, gray, while, among, learned, artifact, program, fulfill, practice',
    broken: 'Wait whilst the server starts.',
  },
]

/** @type {WordRule[]} */
const phrases = [
  {
    refused: phrase('may what … may'),
    instead: "has this user's permissions",
    broken: 'A personal token may what the user may.',
  },
  {
    refused: phrase('whoever is narrowed|administers nothing'),
    instead: "Limited members can't manage the project",
    broken: 'Such an access reads data, and administers nothing.',
  },
  { refused: /\bfor good\b(?!\s+(?:reason|cause))/gi, instead: 'permanently', broken: '// The rows are gone\n// for good.' },
  {
    refused: phrase('(?:is|are) told(?! apart| to)'),
    instead: 'is notified; or say who answers what',
    broken: 'Every owner is told.',
  },
  {
    refused: phrase('as far as you may see'),
    instead: 'that you can access',
    broken: 'In Acme, as far as you may see them.',
  },
  {
    refused: phrase('its part of every'),
    instead: "Used in URLs. Can't be changed later.",
    broken: 'Its part of every address.',
  },
  {
    refused: phrase('do not fit together'),
    instead: 'Incorrect email or password.',
    broken: "'That email and password do not fit together'",
  },
  { refused: phrase('prove that it is you'), instead: "Confirm it's you.", broken: 'title="Prove that it is you"' },
  {
    refused: phrase('(?:what|which) speaks (?:for|against)'),
    instead: 'what may no longer be needed',
    broken: 'Every token, with what\n * speaks for looking at it again.',
  },
  {
    refused: /\b(?:Second look|Looking (?:back|ahead))\b/g,
    instead: 'Flags; Inactive for; Expires within',
    broken: "header: 'Second look',",
  },
  { refused: phrase('those in no cell'), instead: 'not in a cell', broken: 'Every entity, those in no cell too' },
  {
    refused: phrase('will see … of … instead of'),
    instead: 'Chloé will see 133 of 225 entities (now 67).',
    broken: '`Will see ${some} of ${all} entities instead of ${now}`',
  },
  {
    refused: label('As it is|Takes in|Put in|How full|Ceilings?'),
    instead: "Don't change; Membership rule; Add to cell; Capacity; Limits",
    broken: "label: 'Takes in',",
  },
  {
    refused: phrase('(?:go(?:es|ne)?|is) at once, for everybody'),
    instead: 'This immediately removes …',
    broken: 'The data go at once, for everybody.',
  },
  {
    refused: /\b(?:[Ss]ets?|setting) aside\b|\bBring back\b/g,
    instead: 'replaced by an undo; Restore…',
    broken: "undo: 'Set aside by an undo',",
  },
  {
    refused: phrase('a program works on'),
    instead: 'Project tokens give scripts and CI access to this project only.',
    broken: 'With a token, a program works on this project.',
  },
  {
    refused: phrase('on their way, if|pass … on yourself'),
    instead: "Email isn't configured. Copy and share these links.",
    broken: 'Else pass the links on yourself.',
  },
  {
    refused: phrase('is refused at its next|at its next click'),
    instead: 'Ended sessions are signed out immediately.',
    broken: 'Whoever uses it signs in again at its next click.',
  },
  {
    refused: phrase('add … to the organization first'),
    instead: "This person isn't in the organization. Invite them first.",
    broken: 'No such user; add the user to the organization first.',
  },
  {
    refused: phrase('seal everything that|sealed anew'),
    instead: 'Re-encrypt stored secrets with the current BULKHEAD_SECRET.',
    broken: '3 values were sealed anew.',
  },
  { refused: phrase('hopefully you'), instead: 'Reset your Bulkhead password', broken: 'Somebody, hopefully you, has asked.' },
  { refused: phrase('private door'), instead: 'The console uses only the public API', broken: 'There is no private door.' },
  {
    refused: phrase('what is tried to break'),
    instead: 'Security and reliability testing',
    broken: '## What is tried to break it',
  },
]

/** @type {WordRule[]} */
const validators = [
  {
    refused: phrase('must not be empty'),
    instead: 'what to do: Enter a name.',
    broken: "z.string().min(1, 'must not be empty')",
  },
  {
    refused: /\b(?:Too (?:big|small): expected|Invalid input: expected|Invalid option: expected|Unrecognized keys?:)/g,
    instead: 'the field and its rule: limit must be at most 200',
    broken: "error: 'Too big: expected number to be <=200'",
  },
]

export const wordRules = [...people, ...spelling, ...phrases, ...validators]
