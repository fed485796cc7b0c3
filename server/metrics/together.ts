import { AggregatorRegistry, type MetricObject } from 'prom-client'

/** What only grows. Prometheus would take a smaller sum for a restart, so a process that has ended stays in it. */
const isCount = ({ type }: MetricObject) => ['counter', 'histogram'].includes(String(type))

/** The delay of the slowest event loop says more than their average. */
const joined = (metric: MetricObject): MetricObject =>
  metric.name.startsWith('nodejs_eventloop_lag') ? { ...metric, aggregator: 'max' } : metric

const sumOf = (all: MetricObject[][]) => AggregatorRegistry.aggregate(all.map((metrics) => metrics.map(joined)))

/** Adds up the metrics of several processes. */
export function createSum() {
  let ended: MetricObject[] = []
  return {
    /** Keeps what a process has counted that has ended. */
    async keep(metrics: MetricObject[]): Promise<void> {
      ended = await sumOf([ended, metrics.filter(isCount)]).getMetricsAsJSON()
    },
    text: (living: MetricObject[][]): Promise<string> => sumOf([...living, ended]).metrics(),
  }
}
