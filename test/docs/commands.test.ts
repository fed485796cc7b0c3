import { describe, expect, test } from 'vitest'
import { commands } from '#server/cli/commands'
import { beginsLikeThese, remoteCommands } from '#server/cli/remote/commands'
import { common } from '#server/cli/remote/remote'
import { codeIn, headingsOf, section, textOf } from './markdown.ts'

const ofDatabase = section(textOf('docs/cli.md'), 'Commands')
const ofServer = section(textOf('docs/cli.md'), 'Commands of any server')
const all = [...commands, ...remoteCommands]

/** The usage lines in a command's section. */
const callsOf = (name: string): string[] =>
  section(commands.some((one) => one.name === name) ? ofDatabase : ofServer, `\`${name}\``)
    .split('\n')
    .filter((line) => /^`[^`]+`$/.test(line))
    .map((line) => codeIn(line)!)

/** Said once for all commands of a server. */
const isCommon = (option: string) => Object.hasOwn(common, option)

describe('docs/cli.md', () => {
  test.for([
    ['of the database', ofDatabase, commands],
    ['of any server', ofServer, remoteCommands],
  ] as const)('documents every command %s once, and no other', ([, page, documented]) => {
    expect(
      headingsOf(page)
        .flatMap((heading) => codeIn(heading) ?? [])
        .toSorted(),
    ).toEqual(documented.map(({ name }) => name).toSorted())
  })

  test.for(all)('calls $name with its options and no others', ({ name, options }) => {
    const calls = callsOf(name)
    expect(calls.every((call) => call.startsWith(name))).toBe(true)
    const named = new Set(calls.flatMap((call) => [...call.matchAll(/--([a-z-]+)/g)].map(([, option]) => option!)))
    const expected = Object.keys(options).filter((option) => !options[option]!.isOperand && !isCommon(option))
    expect([...named].toSorted()).toEqual(expected.toSorted())
  })

  test.for(all)('marks the options of $name that can be left out', ({ name, options, forms }) => {
    // With several forms, an option that one of them requires is optional overall.
    if (forms) return
    for (const [option, { shape, value, isOperand }] of Object.entries(options)) {
      if (isCommon(option)) continue
      const called = isOperand ? value! : `--${option}${value === undefined ? '' : ` ${value}`}`
      const call = callsOf(name)[0]!
      expect(call, option).toContain(called)
      const isOptional = call.includes(`[${called}]`)
      expect(isOptional, option).toBe(shape.safeParse(undefined).success)
    }
  })
})

test('names the commands of the database that could be taken for one of a server', () => {
  const names = commands.map(({ name }) => name)
  expect(names.filter((name) => remoteCommands.some((one) => name.startsWith(`${one.name} `)))).toEqual(beginsLikeThese)
  expect(names.filter((name) => remoteCommands.some((one) => one.name === name))).toEqual([])
})
