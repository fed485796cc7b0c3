import { parseArgs } from 'node:util'
import type { z } from 'zod'
import type { Database } from '#db/client'
import { UsageError } from './usage-error.ts'

export type Option = {
  /** What stands for the value in the help: `EMAIL`. Without one the option is a switch. */
  value?: string
  about: string
  /** Text in, value out; one that takes `undefined` makes the option optional. */
  shape: z.ZodType
}
type Options = Record<string, Option>
export type Values<O extends Options> = { [Name in keyof O]: z.output<O[Name]['shape']> }

/** Result lines go to stdout, everything that is meant for the person alone to stderr. */
export type Terminal = { print(line: string): void; say(line: string): void }

export type Command = {
  /** As it is typed: `token create`. */
  name: string
  summary: string
  /** More for the command's own help. */
  notes?: string
  options: Options
  run(args: string[]): Promise<(db: Database, terminal: Terminal) => Promise<void>>
}

/**
 * Declares a command. `prepare` gets the options parsed and answers the work; what it throws or asks happens before any database is
 * touched or started.
 */
export function command<const O extends Options>(
  declared: Omit<Command, 'options' | 'run'> & {
    options: O
    prepare(values: Values<O>): ReturnType<Command['run']> | Awaited<ReturnType<Command['run']>>
  },
): Command {
  const { prepare, ...rest } = declared
  return { ...rest, run: async (args) => prepare(read(declared.options, args)) }
}

function read<O extends Options>(options: O, args: string[]): Values<O> {
  const given = parse(options, args)
  const values = Object.entries(options).map(([name, { shape }]) => {
    const [text, second] = given[name] ?? []
    if (second !== undefined) throw new UsageError(`--${name} is given twice.`)
    const parsed = shape.safeParse(text)
    if (parsed.success) return [name, parsed.data] as const
    throw new UsageError(
      text === undefined ? `--${name} is missing.` : `--${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}.`,
    )
  })
  return Object.fromEntries(values) as Values<O>
}

type Given = Record<string, (string | boolean)[] | undefined>

function parse(options: Options, args: string[]): Given {
  const declared = Object.entries(options).map(([name, { value }]) => [
    name,
    { type: value ? ('string' as const) : ('boolean' as const), multiple: true },
  ])
  try {
    return parseArgs({ args, options: Object.fromEntries(declared) as Record<string, { type: 'string'; multiple: true }> }).values
  } catch (error) {
    // "Unknown option '--colour'. To specify a positional argument …": the first sentence is the one that helps.
    const [sentence = ''] = (error as Error).message.split(/\.\s|\n/)
    throw new UsageError(`${sentence.replace(/\.$/, '').replaceAll("'", '')}.`)
  }
}
