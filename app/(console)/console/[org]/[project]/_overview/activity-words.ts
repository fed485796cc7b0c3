import type { ActivityDay } from '#contract/audit/events'

type Kind = 'people' | 'tokens' | 'system'

/** The kinds of actor from the bottom of a bar to its top. */
export const kinds = [
  { key: 'people', label: 'People', ground: 'bg-accent', fill: 'fill-accent' },
  { key: 'tokens', label: 'Tokens', ground: 'bg-tokens', fill: 'fill-tokens' },
  { key: 'system', label: 'System', ground: 'bg-edge', fill: 'fill-edge' },
] as const satisfies { key: Kind; label: string; ground: string; fill: string }[]

export const totalOfDay = ({ people, tokens, system }: Pick<ActivityDay, Kind>) => people + tokens + system
export const totalOfKind = (days: readonly ActivityDay[], kind: Kind) => days.reduce((sum, day) => sum + day[kind], 0)

const month = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'long', timeZone: 'UTC' })

/** "November 12", from a date. */
export const dayInWords = (date: string) => month.format(Date.parse(date))

const count = (n: number) => n.toLocaleString('en-US')

/** What the chart shows, in a sentence or two. */
export function summaryOf(days: readonly ActivityDay[]): string {
  const total = days.reduce((sum, day) => sum + totalOfDay(day), 0)
  if (total === 0) return `No changes in the last ${days.length} days.`
  const parts = kinds.map(({ key }) => `${count(totalOfKind(days, key))} by ${key === 'system' ? 'the system' : key}`)
  const busiest = days.toSorted((a, b) => totalOfDay(b) - totalOfDay(a))[0]!
  const least = days.some(({ more }) => more) ? 'At least ' : ''
  const changes = total === 1 ? 'change' : 'changes'
  const most = `${busiest.more ? 'more than ' : ''}${count(totalOfDay(busiest))}`
  return `${least}${count(total)} ${changes} in the last ${days.length} days: ${parts.join(', ')}. The most on one day: ${most}, on ${dayInWords(busiest.date)}.`
}
