import { expect, test } from 'vitest'
import { fieldProblem } from './field-problem.ts'

test.for([
  ['Name', 'is required', 'Enter a name.'],
  ['Your name', 'is required', 'Enter your name.'],
  ['Organization', 'is required', 'Enter an organization.'],
  ['URL', 'is required', 'Enter a URL.'],
  ['Password', 'must be at least 12 characters', 'Password must be at least 12 characters.'],
  ['Slug', 'The slug atlas is taken', 'The slug atlas is taken.'],
  ['Code', 'Enter the code that the app shows.', 'Enter the code that the app shows.'],
  ['Allowed IP addresses', 'everywhere must be an address', 'everywhere must be an address.'],
  [null, 'must be an object', 'Must be an object.'],
] as const)('says of %s that it %s', ([label, message, sentence]) => {
  expect(fieldProblem(label, message)).toBe(sentence)
})
