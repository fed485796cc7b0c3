import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '#config/project-root'
import { type Cast, createCast } from './support/world/cast.ts'
import { section, textOf } from './docs/markdown.ts'
import { type Lane, startLane } from './support/http/lane.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

/** Makes `/dev/stderr` openable, as on a terminal. Node passes a socket, which cannot be opened. */
const withStderr = 'exec 2> >(cat >&2)'

const bash = (script: string, settings: Record<string, string>) =>
  // Bash would read its start files because its input is a socket.
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', `${withStderr}\n${script}`],
      { cwd: projectRoot, env: { ...process.env, ...settings } },
      (error, ...output) => resolve({ code: error?.code ?? 0, stdout: output[0], stderr: output[1] }),
    )
  })

/** The shell blocks of README's five minutes. */
const blocks = [...section(textOf('README.md'), 'Five minutes').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!)

test('README’s five minutes work as written', async () => {
  const [demo, ...calls] = blocks
  expect(demo).toContain('npx bulkhead demo')
  // The tests' organization and owner stand in for those of the demo.
  const script = calls.join('\n').replaceAll('acme-fleet', 'acme')
  const { code, stdout, stderr } = await bash(script, { URL: lane.origin, TOKEN: cast.people.orgOwner.token })
  expect({ code, stderr: stderr.replace(/^\{"projectId".*"wipeId".*\}$/m, '').trim() }, stdout).toEqual({ code: 0, stderr: '' })
  const answers = stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown> & { name: string }[])
  expect(answers.filter((answer) => 'error' in answer)).toEqual([])

  const [, trial, , , , , seen, preview, emptied, restored, applied, agent, newest, edge, seenHere] = answers
  expect(trial).toMatchObject({ slug: 'trial' })
  expect(seen!.map(({ name }) => name)).toEqual(['berlin-1'])
  expect(preview).toMatchObject({ rowCounts: { entities: 2, cells: 1, entity_types: 1 } })
  expect(emptied).toEqual([])
  expect(restored).toMatchObject({ rowCountsRestored: { entities: 2, cells: 1, entity_types: 1 } })
  expect(applied).toMatchObject({
    failed: [],
    diff: { created: [{ name: 'europe' }, { name: 'paris-1' }], updated: [{ name: 'eu' }] },
  })
  expect(agent).toMatchObject({ name: 'host-1' })
  expect(newest!.map(({ name }) => name)).toEqual(['edge'])
  expect(edge).toMatchObject({ agentsCount: 1 })
  expect(seenHere).toMatchObject({ rowCounts: { agents: 1 } })
})
