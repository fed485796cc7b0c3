import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { BulkheadError } from '../../../sdk/src/errors.ts'
import { UsageError } from '../usage-error.ts'
import { plain } from './output.ts'
import { remote } from './remote.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const

const types: Record<string, string> = {
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
}

/** Opens a file that a command sends; `-` is the standard input. */
export async function streamOf(file: string): Promise<ReadableStream<Uint8Array>> {
  if (file !== '-')
    await access(file).catch(() => {
      throw new UsageError(`there is no file ${file} to read`)
    })
  return Readable.toWeb(file === '-' ? process.stdin : createReadStream(file)) as ReadableStream<Uint8Array>
}

/** The content of a file or of the standard input. */
export const contentOf = async (file: string): Promise<string> => text(await streamOf(file))

export const typeOf = (file: string): string => types[extname(file)] ?? 'application/json'

export const api = remote({
  name: 'api',
  summary: 'Send any request of the API, and print its answer',
  notes: 'The answer goes to stdout as it is. A refusal does too, and the exit code is then 1.',
  examples: [
    'api GET /orgs/acme/projects',
    `api POST /orgs/acme/projects --data '{"name":"Trial","slug":"trial"}'`,
    'api PUT /acme/trial/cells/eu --file cell.yaml',
  ],
  options: {
    method: {
      value: 'METHOD',
      about: `${methods.join(', ')}.`,
      isOperand: true,
      shape: z
        .string()
        .toUpperCase()
        .pipe(z.enum(methods, `must be one of ${methods.join(', ')}`)),
    },
    path: {
      value: 'PATH',
      about: 'The path with its query.',
      isOperand: true,
      shape: z.string().regex(/^\/(?!\/)[\x21-\x7e]*$/, 'must begin with a slash, and be encoded as in a URL'),
    },
    data: { value: 'JSON', about: 'The body.', shape: z.string().optional() },
    file: {
      value: 'FILE',
      short: 'f',
      about: 'A file with the body, or - for the standard input: JSON, YAML (.yaml) or lines (.ndjson).',
      shape: z.string().optional(),
    },
  },
  check({ method, data, file }) {
    if (data !== undefined && file !== undefined) throw new UsageError('give either --data or --file')
    if (['GET', 'HEAD'].includes(method) && (data ?? file) !== undefined) throw new UsageError(`a ${method} has no body`)
  },
  async run({ send }, { method, path, data, file }, { print, say }) {
    const body = file === undefined ? data : await contentOf(file)
    const type = file === undefined ? 'application/json' : typeOf(file)
    const response = await send(method, path, body === undefined ? {} : { headers: { 'content-type': type }, body })
    const refused = response.ok ? undefined : await BulkheadError.of(response.clone())
    const answer = await response.text()
    if (method === 'HEAD') for (const [name, value] of response.headers) print(`${name}: ${plain(value)}`)
    if (answer !== '')
      process.stdout.write(process.stdout.isTTY ? `${answer.split('\n').map(plain).join('\n')}\n` : `${answer}\n`)
    else say(`${response.status}`)
    if (refused) throw refused
  },
})
