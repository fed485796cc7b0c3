import { describe, expect, test } from 'vitest'
import { commands } from '#server/cli/commands'
import { codeIn, headingsOf, section, textOf } from './markdown.ts'

const page = section(textOf('docs/cli.md'), 'Commands')

/** The usage lines in a command's section. */
const callsOf = (name: string): string[] =>
  section(page, `\`${name}\``)
    .split('\n')
    .filter((line) => /^`[^`]+`$/.test(line))
    .map((line) => codeIn(line)!)

describe('docs/cli.md', () => {
  test('documents every command once, and no other', () => {
    expect(
      headingsOf(page)
        .map((heading) => codeIn(heading)!)
        .toSorted(),
    ).toEqual(commands.map(({ name }) => name).toSorted())
  })

  test.for(commands)('calls $name with its options and no others', ({ name, options }) => {
    const calls = callsOf(name)
    expect(calls.every((call) => call.startsWith(name))).toBe(true)
    const named = new Set(calls.flatMap((call) => [...call.matchAll(/--([a-z-]+)/g)].map(([, option]) => option!)))
    const expected = Object.keys(options).filter((option) => !options[option]!.isOperand)
    expect([...named].toSorted()).toEqual(expected.toSorted())
  })

  test.for(commands)('marks the options of $name that can be left out', ({ name, options, forms }) => {
    // With several forms, an option that one of them requires is optional overall.
    if (forms) return
    for (const [option, { shape, value, isOperand }] of Object.entries(options)) {
      const called = isOperand ? value! : `--${option}${value === undefined ? '' : ` ${value}`}`
      const call = callsOf(name)[0]!
      expect(call, option).toContain(called)
      const isOptional = call.includes(`[${called}]`)
      expect(isOptional, option).toBe(shape.safeParse(undefined).success)
    }
  })
})
