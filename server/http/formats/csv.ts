/** What a spreadsheet would run as a formula. Some also accept the fullwidth signs of East Asian writing. */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** One cell (RFC 4180). An apostrophe in front makes a text of what a spreadsheet would run. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const isText = typeof value === 'string'
  const text = isText ? value : JSON.stringify(value)
  const harmless = isText && formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** One line of cells, with the line ending of the standard. */
export const csvLine = (values: readonly unknown[]) => `${values.map(cell).join(',')}\r\n`
