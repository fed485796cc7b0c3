import { expect, test } from 'vitest'
import { projectAuditActions } from '#contract/audit/actions'
import { phraseOf } from './sentences.ts'

test('says every action of a project in words', () => {
  const codes = projectAuditActions.filter((action) => phraseOf(action).includes(action))
  expect(codes).toEqual([])
  const phrases = projectAuditActions.map(phraseOf)
  expect(new Set(phrases).size).toBe(phrases.length)
})

test('keeps the code of an action that it does not know', () => {
  expect(phraseOf('cell.frozen')).toBe('cell.frozen …')
  expect(phraseOf('x')).toBe('x …')
})
