/** What a spreadsheet would run as a formula; some take the wide signs of East Asian writing too. */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** One cell (RFC 4180). A text that a spreadsheet would run is made a text by an apostrophe before it. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const isText = typeof value === 'string'
  const text = isText ? value : JSON.stringify(value)
  const harmless = isText && formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** One line of cells, ended as the standard has it. */
export const csvLine = (values: readonly unknown[]) => `${values.map(cell).join(',')}\r\n`
