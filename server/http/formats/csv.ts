/** What a spreadsheet would run as a formula. Some also accept the fullwidth signs of East Asian writing. */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/**
 * The same behind what some spreadsheets take for the end of a cell: where a comma is the decimal sign, files are split at
 * semicolons, and our quotes are then in the middle of a cell and hold nothing together.
 */
const laterFormula = /([;\t\r\n][ "]*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g

/** In JSON an escape keeps the value as it is. */
const escaped = (_: string, before: string, sign: string) => `${before}\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Excel reads a file without this mark in the old encoding of the machine, and garbles accents. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** One cell (RFC 4180). An apostrophe in front makes a text of what a spreadsheet would run. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const isText = typeof value === 'string'
  const text = isText ? value.replaceAll(laterFormula, "$1'$2") : JSON.stringify(value).replaceAll(laterFormula, escaped)
  const harmless = isText && formula.test(text) ? `'${text}` : text
  return /[",;\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** One line of cells, with the line ending of the standard. */
export const csvLine = (values: readonly unknown[]) => `${values.map(cell).join(',')}\r\n`
