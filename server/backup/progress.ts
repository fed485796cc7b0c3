const MB = 1_000_000
/** Milliseconds between two lines. */
const EVERY = 200

export const size = (bytes: number) =>
  bytes < MB ? `${Math.ceil(bytes / 1000).toLocaleString('en-US')} kB` : `${Math.round(bytes / MB).toLocaleString('en-US')} MB`

/** One line that is written again and again, on a terminal only. */
export function progressOn(output: NodeJS.WriteStream) {
  let last = 0
  return {
    show(text: () => string): void {
      if (!output.isTTY || Date.now() - last < EVERY) return
      last = Date.now()
      output.write(`\r\u001B[K${text()}`)
    },
    clear(): void {
      if (output.isTTY && last > 0) output.write('\r\u001B[K')
    },
  }
}
