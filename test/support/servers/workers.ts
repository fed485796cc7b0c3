import { readFileSync } from 'node:fs'

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The processes that answer the requests of a server with several workers. Linux alone says which they are. */
export const workersOf = ({ pid }: { pid: number }): number[] =>
  read(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((child) => read(`/proc/${child}/cmdline`).includes('server/workers/worker.ts'))
    .map(Number)
