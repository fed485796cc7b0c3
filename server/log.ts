import { pino } from 'pino'
import { logLevel } from '#config/settings'

const secret = ['authorization', 'cookie', 'token', 'password', 'secret']
const paths = [
  ...secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  'headers["set-cookie"]',
  'headers["x-project-token"]',
  '*.headers["set-cookie"]',
  '*.headers["x-project-token"]',
]

type Line = { time: string; level: number; msg?: string; err?: { stack?: string } } & Record<string, unknown>

/** Formats a log line for a terminal: time, level, message, then the other fields. */
export function toLine(json: string) {
  const { time, level, msg = '', err, ...rest } = JSON.parse(json) as Line
  const clock = new Date(time).toLocaleTimeString('en-GB')
  const name = pino.levels.labels[level] ?? 'info'
  const more = Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : ''
  return `${clock} ${name.padEnd(5)} ${msg}${more}${err?.stack ? `\n${err.stack}` : ''}\n`
}

const terminal = { write: (json: string) => void process.stderr.write(toLine(json)) }

/** The process's log on stderr: JSON lines, or short readable ones on a terminal. Redacts secrets by field name. */
export const log = pino(
  {
    level: logLevel(),
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
  },
  process.stderr.isTTY ? terminal : pino.destination({ dest: 2, sync: true }),
)
