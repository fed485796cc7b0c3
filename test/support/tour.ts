import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '#config/config'

export const tour = (settings: Record<string, string>) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      'bash',
      ['--norc', join(projectRoot, 'tour.sh')],
      { env: { ...process.env, ...settings } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
