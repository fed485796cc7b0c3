import { pino } from 'pino'

const secret = ['authorization', 'cookie', 'token', 'password', 'secret']
const paths = [
  ...secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  'headers["set-cookie"]',
  'headers["x-project-token"]',
  '*.headers["set-cookie"]',
  '*.headers["x-project-token"]',
]

/** Keeps one line of the log readable on a terminal: time, level, sentence, then whatever else it carries. */
export function toLine(json: string) {
  const { time, level, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown> & { err?: { stack?: string } }
  const clock = new Date(String(time)).toLocaleTimeString('en-GB')
  const name = pino.levels.labels[Number(level)] ?? 'info'
  const more = Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : ''
  return `${clock} ${name.padEnd(5)} ${String(msg ?? '')}${more}${err?.stack ? `\n${err.stack}` : ''}\n`
}

const terminal = { write: (json: string) => void process.stderr.write(toLine(json)) }

/** The process's log: JSON lines on stderr, short readable ones on a terminal. Secrets are struck out by name. */
export const log = pino(
  {
    level: process.env.BULKHEAD_LOG_LEVEL || 'info',
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
  },
  process.stderr.isTTY ? terminal : pino.destination({ dest: 2, sync: true }),
)
