import { z } from 'zod'

/** What a refinement says that has no message of its own. */
const NOT_VALID = 'is not valid'

const number = (value: number | bigint) => (Number.isInteger(Number(value)) ? value.toLocaleString('en-US') : String(value))
const counted = (n: number | bigint, noun: string) => `${number(n)} ${noun}${Number(n) === 1 ? '' : 's'}`

const listed = (words: string[]) => (words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : words.join(''))

const shown = (value: unknown) => (value === '' ? 'empty' : String(value))
const oneOf = (values: readonly unknown[]) =>
  values.length > 2 ? `must be one of ${values.map(shown).join(', ')}` : `must be ${listed(values.map(shown))}`

const types: Record<string, string> = {
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  undefined: 'left out',
  null: 'null',
}

const formats: Record<string, string> = {
  datetime: 'an RFC 3339 time such as 2027-01-31T00:00:00.000000Z',
  email: 'an email address',
  uuid: 'a UUID',
  guid: 'a UUID',
  url: 'a URL',
}

/** What sizes are counted in; numbers are compared themselves. */
const units: Record<string, string> = {
  string: 'character',
  array: 'item',
  set: 'item',
  map: 'key',
  object: 'key',
  record: 'key',
}

/** `must be at most 200`, `must have at least 1 item`. */
function bound(origin: string, which: 'least' | 'most', limit: number | bigint, issue: { inclusive?: boolean; exact?: boolean }) {
  const unit = units[origin]
  const verb = unit === undefined || unit === 'character' ? 'be' : 'have'
  const amount = unit === undefined ? number(limit) : counted(limit, unit)
  if (issue.exact) return `must ${verb} exactly ${amount}`
  if (issue.inclusive === false) return `must ${verb} ${which === 'most' ? 'less' : 'more'} than ${amount}`
  return `must ${verb} at ${which} ${amount}`
}

const isAboutType = ({ code, path }: z.core.$ZodIssue) =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union')

/** The problems of the alternative that the value comes closest to; undefined when it is of none of their types. */
const closest = (alternatives: readonly z.core.$ZodIssue[][]) =>
  alternatives.find((issues) => issues.length > 0 && !issues.some(isAboutType))

/** `must be a string, a number or true or false`. */
function anyOf(alternatives: readonly z.core.$ZodIssue[][]): string {
  const rules = [...new Set(alternatives.flatMap(([first]) => (first ? [first.message] : [])))]
  return rules.length > 0 && rules.every((rule) => rule.startsWith('must be '))
    ? `must be ${listed(rules.map((rule) => rule.slice('must be '.length)))}`
    : (rules[0] ?? NOT_VALID)
}

/** The rule that a value breaks, as the rest of a sentence that begins with the name of the field. */
function ruleOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required'
      return `must be ${types[issue.expected] ?? `a ${issue.expected}`}`
    case 'too_big':
      return bound(issue.origin, 'most', issue.maximum, issue)
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'is required'
      return bound(issue.origin, 'least', issue.minimum, issue)
    case 'not_multiple_of':
      return `must be a multiple of ${number(issue.divisor)}`
    case 'invalid_value':
      return oneOf(issue.values)
    case 'invalid_format':
      return formats[issue.format] ? `must be ${formats[issue.format]}` : 'has the wrong format'
    case 'unrecognized_keys':
      return `has the unknown ${issue.keys.length === 1 ? 'field' : 'fields'} ${issue.keys.join(', ')}`
    case 'invalid_key':
      return `is not a valid name: it ${issue.issues[0]?.message ?? NOT_VALID}`
    case 'invalid_element':
      return issue.issues[0]?.message ?? NOT_VALID
    case 'invalid_union':
      if (issue.input === undefined) return 'is required'
      if (issue.errors.length === 0 && 'options' in issue) return oneOf(issue.options as unknown[])
      return closest(issue.errors)?.[0]?.message ?? anyOf(issue.errors)
    default:
      return NOT_VALID
  }
}

// Here and not at each parse, so that both dialects, the console and the command line say the same.
// In a browser, our policy forbids to compile checks from text, and the attempt alone is reported.
z.config({ customError: ruleOf, jitless: 'document' in globalThis })

/** One wrong field: its path with dots, empty for the whole; and the rule that it breaks. */
type Detail = { path: string; message: string }

/** The problems of one value, field by field. */
export const detailsOf = (error: z.ZodError): Detail[] => error.issues.flatMap((issue) => detailsOfIssue(issue, []))

function detailsOfIssue(issue: z.core.$ZodIssue, above: PropertyKey[]): Detail[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key].map(String).join('.'), message: 'is not a known field' }))
  const inner = issue.code === 'invalid_union' ? closest(issue.errors) : undefined
  if (inner) return inner.flatMap((one) => detailsOfIssue(one, path))
  return [{ path: path.map(String).join('.'), message: issue.message }]
}

/** A key may be a megabyte long, and the rule must still be read. */
const MOST_OF_A_PATH = 200
const shortened = (path: string) => (path.length > MOST_OF_A_PATH ? `${path.slice(0, MOST_OF_A_PATH)}…` : path)

/** `limit must be at most 200`; of the whole, `The body must be an object`. */
export const sentenceOf = ({ path, message }: Detail, whole: string) => `${shortened(path) || whole} ${message}`

/** The first problem of a value as a sentence. */
export const firstProblem = (error: z.ZodError, whole: string) =>
  sentenceOf(detailsOf(error)[0] ?? { path: '', message: NOT_VALID }, whole)
