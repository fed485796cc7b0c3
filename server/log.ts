import { pino } from 'pino'
import { logLevel } from '#config/settings'
import { createLineWriter } from './log-writer.ts'

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

const { stderr } = process
// A reader of the log that goes away must not end the process.
stderr.on('error', () => {})
const writer = createLineWriter(stderr)
process.on('exit', writer.flush)

const written = stderr.isTTY ? toLine : (json: string) => json

const destination = {
  /** Set by pino for each line. */
  lastLevel: 30,
  write(json: string) {
    writer.write(written(json), this.lastLevel >= pino.levels.values['warn']!)
  },
  [Symbol.for('pino.metadata')]: true,
}

/** The process's log on stderr: JSON lines, or short readable ones on a terminal. Redacts secrets by field name. */
export const log = pino(
  {
    level: logLevel(),
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
  },
  destination,
)

/** Writes a line of JSON that was made by hand, without waiting. The caller answers for its level and its secrets. */
export const logLine = (json: string): void => writer.gather(written(json))

/** Writes a line that another process has written, to the log or past it. */
export function passOn(line: string): void {
  const isOurs = line.startsWith('{"level":')
  writer.gather(isOurs ? written(line) : line)
}
