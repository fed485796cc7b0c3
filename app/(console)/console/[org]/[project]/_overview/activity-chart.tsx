import { scaleBand, scaleLinear } from '@visx/scale'
import { BarStack } from '@visx/shape'
import type { ActivityDay } from '#contract/audit/events'
import { dayInWords, kinds, totalOfDay } from './activity-words.ts'

/** The chart is drawn in this space and stretched to its place; its texts stand beside it. */
const WIDTH = 300
const HEIGHT = 100

const keys = kinds.map(({ key }) => key)

/** A bar for each day, stacked by kind of actor. Its numbers are in the text and the table around it. */
export function ActivityChart({ days }: { days: readonly ActivityDay[] }) {
  const most = Math.max(1, ...days.map(totalOfDay))
  const xScale = scaleBand({ domain: days.map(({ date }) => date), range: [0, WIDTH], padding: 0.25 })
  const yScale = scaleLinear({ domain: [0, most], range: [HEIGHT, 0] })
  return (
    <div className="relative h-full">
      <span aria-hidden className="absolute -top-0.5 left-0 bg-raised pr-1 text-xs/4 text-faint tabular-nums">
        {most.toLocaleString('en-US')}
      </span>
      <svg
        aria-hidden
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-full w-full border-y border-line"
      >
        <BarStack data={[...days]} keys={keys} x={({ date }) => date} xScale={xScale} yScale={yScale} color={(key) => key}>
          {(stacks) =>
            stacks.flatMap(({ key, index, bars }) =>
              bars.map((bar) => (
                <rect
                  key={`${key} ${bar.index}`}
                  x={bar.x}
                  y={bar.y}
                  width={bar.width}
                  height={Math.max(0, bar.height)}
                  className={kinds[index]!.fill}
                />
              )),
            )
          }
        </BarStack>
        {days.map((day) => (
          <rect key={day.date} x={xScale(day.date)} width={xScale.bandwidth()} height={HEIGHT} className="fill-transparent">
            <title>{`${dayInWords(day.date)}: ${kinds.map(({ key, label }) => `${label} ${day[key]}`).join(', ')}`}</title>
          </rect>
        ))}
      </svg>
    </div>
  )
}
