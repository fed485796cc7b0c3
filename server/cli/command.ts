import { parseArgs } from 'node:util'
import type { z } from 'zod'
import type { Database } from '#db/client'
import { UsageError } from './usage-error.ts'

export type Option = {
  /** The placeholder for the value in the help: `EMAIL`. A flag has none; its shape takes `true`. */
  value?: string
  about: string
  /** Parses the text into a value. A shape that accepts `undefined` makes the option optional. */
  shape: z.ZodType
  /** Given by its place, without a name. */
  isOperand?: true
  /** Its other name, of one letter. */
  short?: string
}
export type Options = Record<string, Option>
export type Values<O extends Options> = { [Name in keyof O]: z.output<O[Name]['shape']> }

/** `print` writes results to stdout, for programs; `say` writes messages for the person to stderr. */
export type Terminal = { print(line: string): void; say(line: string): void }

export type Work = (db: Database, terminal: Terminal) => Promise<void>

export type Command = {
  /** As typed: `token create`. */
  name: string
  summary: string
  /** How to call it, when there is more than one way. */
  forms?: string[]
  notes?: string
  /** The command runs on a database that was sealed with another secret. */
  anySecret?: boolean
  /** The command finds the database as it is, whether or not it was migrated. */
  asItIs?: boolean
  /** The command needs no database, and its work gets none. */
  withoutDatabase?: boolean
  options: Options
  prepare(args: string[]): Promise<Work>
}

type Declared<O extends Options> = Omit<Command, 'options' | 'prepare'> & {
  options: O
  prepare(values: Values<O>): Work | Promise<Work>
}

/**
 * Declares a command. `prepare` checks the options and asks for what is missing before any database is opened or started; the
 * function it returns does the work.
 */
export function command<const O extends Options>({ prepare, ...declared }: Declared<O>): Command {
  return { ...declared, prepare: async (args) => prepare(read(declared.options, args)) }
}

function read<O extends Options>(options: O, args: string[]): Values<O> {
  const given = parse(options, args)
  const values = Object.entries(options).map(([name, { shape, value, isOperand }]) => {
    const called = isOperand ? value! : `--${name}`
    const [text, second] = given[name] ?? []
    if (second !== undefined) throw new UsageError(`${called} can be given only once`)
    const parsed = shape.safeParse(text)
    if (parsed.success) return [name, parsed.data] as const
    throw new UsageError(
      text === undefined ? `${called} is required` : `${called} ${parsed.error.issues[0]?.message ?? 'is not valid'}`,
    )
  })
  return Object.fromEntries(values) as Values<O>
}

type Given = Record<string, (string | boolean)[] | undefined>

function parse(options: Options, args: string[]): Given {
  const all = Object.entries(options)
  const operands = all.filter(([, { isOperand }]) => isOperand).map(([name]) => name)
  const declared = all
    .filter(([name]) => !operands.includes(name))
    .map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', multiple: true, ...(short !== undefined && { short }) },
    ])
  const { values, positionals } = argumentsOf(Object.fromEntries(declared) as Named, args, operands.length > 0)
  const [extra] = positionals.slice(operands.length)
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"`)
  return { ...values, ...Object.fromEntries(positionals.map((text, i) => [operands[i]!, [text]])) }
}

type Named = Record<string, { type: 'string' | 'boolean'; multiple: true }>

function argumentsOf(options: Named, args: string[], allowPositionals: boolean): { values: Given; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals })
  } catch (error) {
    throw new UsageError(inOurWords((error as Error).message))
  }
}

/** Shortens what `parseArgs` says, such as `Unknown option '--color'. To specify a positional argument …`. */
function inOurWords(message: string): string {
  const name = /'(?:-\w, )?(-[^' ]*|[^' ]*)/.exec(message)?.[1] ?? ''
  if (message.startsWith('Unknown option')) return `unknown option ${name}`
  if (message.startsWith('Unexpected argument')) return `unexpected argument "${name}"`
  if (message.includes('is ambiguous')) return `write ${name}=-… for a value that starts with a hyphen`
  return `${name} needs a value`
}

/** The command that the arguments begin with, by the longest name, and the remaining arguments. */
export function findCommand(commands: Command[], args: string[]): { command: Command; rest: string[] } | undefined {
  const [found] = commands
    .filter(({ name }) => name.split(' ').every((word, i) => args[i] === word))
    .toSorted((a, b) => b.name.length - a.name.length)
  return found && { command: found, rest: args.slice(found.name.split(' ').length) }
}
