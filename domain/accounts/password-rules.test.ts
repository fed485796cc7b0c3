import { expect, test } from 'vitest'
import { type Owner, passwordProblem } from './password-rules.ts'

const ada: Owner = { email: 'ada.byron@acme.test', name: 'Ada Byron' }

test.for([
  ['aaaaaaaaaaaa', /^repeats/],
  ['abababababab', /^repeats/],
  ['Xy7Xy7Xy7Xy7', /^repeats/],
  ['hunter2hunter2', /^repeats/],
  ['123456789012', /^follows/],
  ['abcdefghijkl', /^follows/],
  ['QwertyUiop12', /^follows/],
  ['zyxwvutsrqponm', /^follows/],
  ['asdfghjkl;123', /^follows/],
  ['bulkhead2026', /^consists of your name/],
  ['Bulkhead-Bulkhead!', /^consists of your name/],
  ['ada.byron@acme.test', /^consists of your name/],
  ['AdaByron1815!', /^consists of your name/],
  ['byron-bulkhead-acme', /^consists of your name/],
  ['Password1234', /^is easy to guess/],
  ['P@ssw0rd2026!', /^is easy to guess/],
  ['!!!welcome!!!', /^is easy to guess/],
  ['Summer2026!!', /^is easy to guess/],
  ['admin password', /^is easy to guess/],
  ['1q2w3e4r5t6y', /^is easy to guess/],
  ['changeme12345', /^is easy to guess/],
] as const)('%s', ([password, problem]) => {
  expect(passwordProblem(password, ada)).toMatch(problem)
})

test.for([
  'correct horse battery',
  'my bulkhead is a ship of steel',
  'Ada likes long walks',
  'hF7$kQ2!mZ9w',
  'пароль из трёх слов',
  '月が綺麗ですねと言った人',
  'tuesday apricot lantern',
  '8407-3315-9926',
])('%s is strong enough', (password) => {
  expect(passwordProblem(password, ada)).toBeUndefined()
})
