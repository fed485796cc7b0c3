import { expect, test } from 'vitest'
import { commandsOfOperations, knownCommands } from './operations-commands.ts'
import { textOf } from './markdown.ts'

test('every command of docs/operations.md is known to work, or says what a try of it needs', () => {
  expect(commandsOfOperations().toSorted()).toEqual(Object.keys(knownCommands).toSorted())
})

test('what runs the same commands elsewhere still does', () => {
  const elsewhere = Object.values(knownCommands).flatMap((known) => (Array.isArray(known) ? [known] : []))
  for (const [file, text] of elsewhere) expect(textOf(file), file).toContain(text)
})
