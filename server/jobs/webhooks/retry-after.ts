/** The three forms of a date in HTTP (RFC 9110, 5.6.7), all in GMT, which the oldest does not say. */
const DATE = /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? [\w: -]+?( GMT)?$/

/** Seconds that a `Retry-After` asks to wait, as a number or until a date; null when it says nothing, or a time gone by. */
export function retryAfterOf(text: string | undefined, now = Date.now()): number | null {
  const value = text?.trim() ?? ''
  if (/^\d{1,15}$/.test(value)) return Number(value) || null
  const date = DATE.exec(value)
  if (!date) return null
  const seconds = (Date.parse(date[1] ? value : `${value} GMT`) - now) / 1000
  return seconds > 0 ? seconds : null
}
