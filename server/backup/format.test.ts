import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { StartError } from '#config/start-error'
import { type Head, openBackup, rowsOf, writeBackup } from './format.ts'

const key = Buffer.from('the key that signs it')
const head: Head = {
  version: '1.2.3',
  createdAt: '2026-11-30T12:00:00.000Z',
  postgres: '18.4',
  migrations: ['20260101000000-one'],
  keys: { signed: 'signed', sealed: null },
  tables: [
    { name: 'empty', columns: ['id'] },
    { name: 'names', columns: ['id', 'name'] },
    { name: 'long', columns: ['text'] },
  ],
}

type Contents = Record<string, string[]>

function rowsIn(chunks: string[]) {
  async function* read() {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  return Object.assign(read(), { rowCount: chunks.join('').split('\n').length - 1 })
}

async function written(contents: Contents, of = head): Promise<Buffer> {
  const pieces: Buffer[] = []
  const read = ({ name }: { name: string }) => rowsIn(contents[name] ?? [])
  for await (const piece of writeBackup(of, { read, key, onBytes: () => {} })) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** In chunks of this many bytes, as a pipe may deliver them. */
async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(
  bytes: Buffer,
  { size = 4096, keyOf = () => key }: { size?: number; keyOf?: (of: Head) => Buffer } = {},
): Promise<Contents> {
  const { tables } = await openBackup({ name: 'the file', chunks: inChunks(bytes, size), keyOf })
  const contents: Contents = {}
  for await (const one of tables) {
    contents[one.table.name] = []
    for await (const piece of rowsOf(one, 'the file')) contents[one.table.name]!.push(piece.toString())
  }
  return contents
}

/** Reads past the rows without looking at them, as the first pass of a restore does. */
async function verify(bytes: Buffer): Promise<void> {
  const { tables } = await openBackup({ name: 'the file', chunks: inChunks(bytes, 100), keyOf: () => key })
  while (!(await tables.next()).done);
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof StartError ? error.message : `no sentence: ${String(error)}`),
  )

const sample = await written({ names: ['1\tAda\n2\tGr', 'ace\n'], long: [`${'x'.repeat(1000)}\n`] })
const refused = /^the file (is cut off|was changed|is not a backup|was written by a newer)/

describe('a backup', () => {
  test.for([1, 7, 4096])('reads as it was written, in chunks of %d bytes', async (size) => {
    const contents = await read(sample, { size })
    expect(Object.entries(contents).map(([name, pieces]) => [name, pieces.join('')])).toEqual([
      ['empty', ''],
      ['names', '1\tAda\n2\tGrace\n'],
      ['long', `${'x'.repeat(1000)}\n`],
    ])
  })

  test('carries tables of many pieces in order', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${String(i).padStart(6, '0')}${'y'.repeat(150_000)}\n`)
    const { long } = await read(await written({ long: lines }), { size: 1_000_000 })
    expect(long!.length).toBeGreaterThan(4)
    expect(long!.join('')).toBe(lines.join(''))
  })

  test('is refused when it is cut off at any byte', async () => {
    for (let length = 0; length < sample.length; length++)
      expect(await refusal(verify(sample.subarray(0, length))), `${length} bytes`).toMatch(/^the file is cut off/)
  })

  test('is refused when any byte is changed', async () => {
    for (let at = 0; at < sample.length; at++) {
      const changed = Buffer.from(sample)
      changed[at]! ^= 1 << (at % 8)
      expect(await refusal(verify(changed)), `byte ${at}`).toMatch(refused)
    }
  })

  test('is refused when something follows it, or is moved or taken out of it', async () => {
    expect(await refusal(verify(Buffer.concat([sample, Buffer.from('\n')])))).toMatch(/was changed/)
    expect(await refusal(verify(Buffer.concat([sample, sample])))).toMatch(/was changed/)
    const middle = Math.floor(sample.length / 2)
    expect(await refusal(verify(Buffer.concat([sample.subarray(0, middle), sample.subarray(middle + 10)])))).toMatch(refused)
  })

  test('is refused when it is whole but signed with another key', async () => {
    const body = sample.subarray(0, -32)
    const forged = Buffer.concat([body, createHmac('sha256', 'another key').update(body).digest()])
    expect(await refusal(verify(forged))).toMatch(/was changed/)
  })

  test('is refused when it is of a newer format, or something else altogether', async () => {
    const newer = Buffer.concat([Buffer.from('bulkhead backup 2\n'), sample.subarray(18)])
    expect(await refusal(verify(newer))).toBe(
      'the file was written by a newer version of Bulkhead. Install that version or a newer one.',
    )
    expect(await refusal(verify(Buffer.from('PGDMP and what a dump of PostgreSQL has')))).toBe(
      'the file is not a backup of Bulkhead.',
    )
  })

  test('asks for its key by what its head says, before it reads on', async () => {
    const asked: Head[] = []
    const refuse = (one: Head) => {
      asked.push(one)
      throw new StartError('unknown key')
    }
    expect(await refusal(read(sample, { keyOf: refuse }))).toBe('unknown key')
    expect(asked).toEqual([head])
  })
})
