import { z } from 'zod'
import { type Command, command, type Options, type Terminal, type Values } from '../command.ts'
import { ANOTHER_VERSION, Unusable } from './errors.ts'
import { connect, type Server } from './server.ts'

/** What every command of a server takes. */
export const common = {
  server: { value: 'URL', about: 'The address of the server. Default: BULKHEAD_SERVER.', shape: z.string().optional() },
  json: { about: 'Print the answer as JSON, for programs.', shape: z.literal(true).optional() },
} as const satisfies Options

type Common = Values<typeof common>

export type Remote<O extends Options> = {
  name: string
  summary: string
  notes?: string
  examples: string[]
  options: O
  /** Checks what the options alone can tell, before the server is asked. */
  check?(values: Values<O>): void
  run(server: Server, values: Values<O> & Pick<Common, 'json'>, terminal: Terminal): Promise<void>
}

/** Declares a command that works on a server through its API, with a token. It never opens a database. */
export function remote<const O extends Options>({ options, check, run, examples, notes, ...declared }: Remote<O>): Command {
  const shown = ['Examples:', ...examples.map((example) => `  npx bulkhead ${example}`)].join('\n')
  return command({
    ...declared,
    notes: notes === undefined ? shown : `${notes}\n\n${shown}`,
    withoutDatabase: true,
    options: { ...options, ...common },
    prepare(values) {
      const given = values as Values<O> & Common
      check?.(given)
      return async (_database, terminal) => {
        const server = connect(given.server, terminal)
        try {
          await run(server, given, terminal)
        } catch (error) {
          // What an answer should have had is not there.
          throw error instanceof TypeError ? new Unusable(ANOTHER_VERSION, { cause: error }) : error
        }
      }
    },
  })
}

/** A slug or an id in a URL. Dots alone would lead to another one. */
export const PART = String.raw`(?!\.{1,2}(?:/|$))[^/\s]+`

/** `ORG/PROJECT`, each a slug or an id, given by its place. */
export const projectOperand = {
  value: 'ORG/PROJECT',
  about: 'The project, each part by slug or id.',
  isOperand: true,
  shape: z
    .string()
    .regex(new RegExp(`^${PART}/${PART}$`), 'must be ORG/PROJECT')
    .transform((path) => path.split('/') as [string, string]),
} as const

export const orgOperand = {
  value: 'ORG',
  about: 'The organization, by slug or id.',
  isOperand: true,
  shape: z.string().regex(new RegExp(`^${PART}$`), 'must be the slug or id of an organization'),
} as const

export const idShape = z.string().regex(new RegExp(`^${PART}$`), 'must be an id')

/** A file that a command reads. */
export const fileOption = (about: string) => ({ value: 'FILE', short: 'f', about, shape: z.string('is required') })
/** A file that a command writes. */
export const outputOption = {
  value: 'FILE',
  short: 'o',
  about: 'The file. Default: the standard output.',
  shape: z.string().optional(),
}

/** A project in the paths of the Org API. */
export const inOrg = ([orgId, projectId]: [string, string]) => ({ orgId, projectId })
/** A project in the paths of the Projects API. */
export const inPath = ([o, p]: [string, string]) => ({ o, p })

/** Every entry of a list, page by page. */
export async function allOf<Entry>(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = []
  for await (const entry of entries) all.push(entry)
  return all
}
