import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { BulkheadError } from '../../../sdk/src/errors.ts'
import type { Answer } from '../../../sdk/src/client.ts'
import { streamOf } from './api.ts'
import { Refused, Unusable } from './errors.ts'
import { printCounts, printJson, showProgress } from './output.ts'
import { fileOption, outputOption, projectOperand, remote } from './remote.ts'
import { pathOf, read } from './server.ts'

const counting = (progress: { add(bytes: number): void }) =>
  new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      progress.add(chunk.byteLength)
      controller.enqueue(chunk)
    },
  })

export const exportProject = remote({
  name: 'export',
  summary: 'Write the catalog and the data of a project, one JSON document a line',
  notes: 'A file is complete when the command ends with code 0; until then it has another name.',
  examples: ['export acme/payments -o payments.ndjson', 'export acme/payments | gzip > payments.ndjson.gz'],
  options: {
    project: projectOperand,
    output: outputOption,
  },
  async run({ send }, { project, output }, { say }) {
    const response = await send('GET', pathOf(...project, 'export'), { isStream: true })
    if (!response.ok) throw await BulkheadError.of(response)
    const progress = showProgress('Read')
    const body = Readable.fromWeb(response.body!.pipeThrough(counting(progress)) as never)
    const part = output === undefined ? undefined : `${output}.part`
    try {
      await pipeline(body, part === undefined ? process.stdout : createWriteStream(part, { mode: 0o600 }))
      if (part !== undefined) await rename(part, output!)
    } catch (error) {
      if (part !== undefined) await rm(part, { force: true })
      const isOfFile = part !== undefined && (error as NodeJS.ErrnoException).syscall !== undefined
      if (isOfFile) throw new Refused(`${output} cannot be written`)
      throw new Unusable('The export ended before it was complete', { cause: error })
    } finally {
      progress.end()
    }
    if (output !== undefined) say(`Wrote ${output}.`)
  },
})

export const importProject = remote({
  name: 'import',
  summary: 'Fill an empty project from an export',
  examples: ['import acme/copy -f payments.ndjson', 'gunzip -c payments.ndjson.gz | npx bulkhead import acme/copy -f -'],
  options: {
    project: projectOperand,
    file: fileOption('The file, or - for the standard input.'),
    force: { about: 'Also into a project that has something.', shape: z.literal(true).optional() },
  },
  async run({ send }, { project, file, force, json }, terminal) {
    const progress = showProgress('Sent')
    const body = (await streamOf(file)).pipeThrough(counting(progress))
    const path = `${pathOf(...project, 'import')}${force ? '?force=true' : ''}`
    const response = await send('POST', path, { headers: { 'content-type': 'application/x-ndjson' }, body }).finally(progress.end)
    const imported = await read<Answer<'transfer.import'>>(response)
    if (json) return printJson(terminal, imported)
    terminal.print('Imported:')
    printCounts(terminal, imported.rows, '  nothing: the file is empty.')
  },
})
