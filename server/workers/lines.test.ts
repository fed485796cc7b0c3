import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { forwardLines } from './lines.ts'

async function forwarded(...pieces: (string | Buffer)[]): Promise<string[]> {
  const from = new PassThrough()
  const lines: string[] = []
  forwardLines(from, (line) => void lines.push(line))
  for (const piece of pieces) from.write(piece)
  from.end()
  await new Promise((resolve) => from.once('close', resolve))
  return lines
}

test('passes on whole lines, however they arrive', async () => {
  expect(await forwarded('one\ntw', 'o\nthr', 'ee\n')).toEqual(['one\n', 'two\n', 'three\n'])
  const [head, tail] = [Buffer.from('süß').subarray(0, 2), Buffer.from('süß\n').subarray(2)]
  expect(await forwarded(head, tail)).toEqual(['süß\n'])
})

test('ends the last line, and does not wait for the end of an endless one', async () => {
  expect(await forwarded('one\nlast')).toEqual(['one\n', 'last\n'])
  const [first] = await forwarded('x'.repeat(1024 * 1024), 'y')
  expect(first).toHaveLength(1024 * 1024)
})
