import { expect, test } from 'vitest'
import { isDuplicate } from './registered.ts'

test.for([
  ['agents_machine_id', true],
  ['agents_machine_id_102110', true],
  ['agents_machine', false],
  ['agents_machine_id_other', false],
  [undefined, false],
] as const)('takes a violation of %s for one of agents_machine_id: %s', ([constraint, isOne]) => {
  const error = Object.assign(new Error('duplicate key'), { code: '23505', constraint })
  expect(isDuplicate(error, 'agents_machine_id')).toBe(isOne)
  expect(isDuplicate(Object.assign(error, { code: '23503' }), 'agents_machine_id')).toBe(false)
})
