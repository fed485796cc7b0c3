import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { toLine } from './log.ts'

test('redacts secrets in the log', async () => {
  const program = `
    import { log } from './server/log.ts'
    const headers = { authorization: 's3cret', cookie: 's3cret', 'x-project-token': 's3cret', host: 'shown' }
    log.info({ token: 's3cret', request: { headers }, user: { password: 's3cret' } }, 'hello')`
  const env = { ...process.env, BULKHEAD_LOG_LEVEL: 'info' }
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: projectRoot,
    env,
  })
  expect(stderr).toContain('"msg":"hello"')
  expect(stderr).toContain('"host":"shown"')
  expect(stderr).not.toContain('s3cret')
})

test('toLine makes a record readable', () => {
  const time = '2026-11-21T20:36:56.681Z'
  expect(toLine(JSON.stringify({ level: 30, time, msg: 'stopping' }))).toBe('20:36:56 info  stopping\n')
  expect(toLine(JSON.stringify({ level: 50, time, msg: 'failed', requestId: 'a', err: { stack: 'Error: no' } }))).toBe(
    '20:36:56 error failed {"requestId":"a"}\nError: no\n',
  )
})
