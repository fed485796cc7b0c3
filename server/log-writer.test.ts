import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '#config/config'

const line = (text: string) => `{\\"msg\\":\\"${text}\\"}`

/** A process that logs through the real writer to a pipe, which nobody reads until \`read\` is called. */
function startLogging(program: string) {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', `import { log, logLine } from './server/log.ts'\n${program}`],
    {
      cwd: projectRoot,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, BULKHEAD_LOG_LEVEL: 'info' },
    },
  )
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    exited: once(child, 'exit'),
    said: async () => JSON.parse((await said.next()).value as string) as Record<string, number>,
    goOn: () => child.stdin.write('go on\n'),
    read: async () => (await child.stderr.setEncoding('utf8').toArray()).join(''),
  }
}

const overflowing = `
  const before = process.memoryUsage.rss()
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  for (let batch = 0; batch < 100; batch++) {
    for (let i = 0; i < 1000; i++) logLine('${line('x'.repeat(100))}' + '\\n')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  log.error('an error has room of its own')
  clearInterval(ticking)
  console.log(JSON.stringify({ turns, grown: process.memoryUsage.rss() - before }))`

describe('a reader of the log that does not read', () => {
  test('holds up nothing, and costs no more than the lines that may wait', async () => {
    const { said, goOn, read, exited } = startLogging(`${overflowing}
      process.stdin.once('data', () => {
        const wait = setInterval(() => {
          if (process.stderr.writableLength > 0) return
          clearInterval(wait)
          setTimeout(() => process.exit(), 1500)
        }, 10)
      })`)
    const { turns, grown } = await said()
    // Ten megabytes were logged, a hundred turns long.
    expect(turns).toBeGreaterThan(50)
    expect(grown).toBeLessThan(40 * 1024 * 1024)
    goOn()
    const lines = (await read()).trimEnd().split('\n')
    await exited
    const parsed = lines.map((text) => JSON.parse(text) as { msg: string; dropped?: number })
    const { dropped = 0 } = parsed.find((one) => one.dropped !== undefined) ?? {}
    expect(parsed.filter(({ msg }) => msg.startsWith('xxx')).length + dropped).toBe(100_000)
    expect(parsed.some(({ msg }) => msg === 'an error has room of its own')).toBe(true)
  })

  test('does not keep the process from ending', async () => {
    const { exited, said } = startLogging(`${overflowing}\nprocess.exit(3)`)
    await said()
    expect(await exited).toEqual([3, null])
  })
})

test('a reader that goes away does not end the process', async () => {
  const { child, said, goOn, exited } = startLogging(`
    console.log('{}')
    process.stdin.once('data', () => {
      log.info('unread')
      log.info('unread too')
      setTimeout(() => process.exit(4), 100)
    })`)
  await said()
  child.stderr.destroy()
  goOn()
  expect(await exited).toEqual([4, null])
})

test('lines that were gathered are written when the process ends, in order', async () => {
  const { read } = startLogging(`
    logLine('${line('first')}\\n')
    log.warn('second')
    logLine('${line('third')}\\n')
    process.exit()`)
  expect(
    (await read())
      .trimEnd()
      .split('\n')
      .map((text) => (JSON.parse(text) as { msg: string }).msg),
  ).toEqual(['first', 'second', 'third'])
})
