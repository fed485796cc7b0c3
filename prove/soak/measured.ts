import { readFileSync } from 'node:fs'
import { median, percentile, table } from '#test/support/measure/report'

export type Sample = { kind: string; took: number; duringPurge: boolean }
export type Memory = { at: number; megabytes: number }

/** The resident memory of the process in megabytes; undefined except on Linux. */
export function residentMegabytes(pid: number): number | undefined {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
  } catch {
    return undefined
  }
}

/** How much the process grew from when it was warm until the end; each the median of a tenth of the time. */
export function growth(
  memory: Memory[],
  warm: number,
  end: number,
): { before: number; after: number; ratio: number } | undefined {
  const stretch = Math.max(60_000, (end - warm) / 10)
  const of = (from: number, to: number) => memory.filter(({ at }) => at >= from && at <= to).map(({ megabytes }) => megabytes)
  const [early, late] = [of(warm, warm + stretch), of(end - stretch, end)]
  if (early.length === 0 || late.length === 0) return undefined
  const [before, after] = [median(early), median(late)]
  return { before, after, ratio: after / before - 1 }
}

const at99 = (took: number[]) => (took.length === 0 ? '–' : percentile(took, 99).toFixed(1))

/** One line per kind; milliseconds. */
export function tableOf(samples: Sample[]): string {
  const rows = [...Map.groupBy(samples, ({ kind }) => kind)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return table(
    ['kind', 'requests', 'p50', 'p99 quiet', 'p99 with purge'],
    rows.map(([kind, all]) => {
      const took = (during: boolean) => all.filter(({ duringPurge }) => duringPurge === during).map((one) => one.took)
      const median50 = percentile(
        all.map((one) => one.took),
        50,
      )
      return [kind, all.length.toLocaleString('en-US'), median50.toFixed(1), at99(took(false)), at99(took(true))]
    }),
  )
}
