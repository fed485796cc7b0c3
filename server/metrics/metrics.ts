import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { version } from '#config/version'
import type { Measured } from '#db/queries/metrics'
import type { ShareClass, Shares } from '#db/shares'
import { deliveryTries, statements } from '../counters.ts'
import type { RequestRecord } from '../http/record.ts'

/** Seconds. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Digits would be a series for each status, of each of two hundred operations. */
const statusClass = ({ status }: RequestRecord) => (status === undefined ? 'none' : `${Math.floor(status / 100)}xx`)

type Pool = { sizes: Shares['sizes']; state: ReturnType<Shares['state']> }

/** What the process knows at the moment of a scrape. */
export type Sources = { pool(): Pool | undefined }

/**
 * The metrics of this process. Every label has a bounded number of values: operations and codes of the contract, classes of
 * statuses and connections, kinds of jobs, and twenty organizations.
 */
export function createMetrics({ pool }: Sources) {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })

  new Gauge({
    name: 'bulkhead_build_info',
    help: 'Always 1; the labels say what runs.',
    aggregator: 'first',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.versions.node }, 1)

  const durations = new Histogram({
    name: 'bulkhead_request_duration_seconds',
    help: 'Seconds until the answer had left, by operation of the API and class of the status. A status of none: the client hung up first.',
    labelNames: ['operation', 'status'],
    buckets: DURATIONS,
    registers,
  })
  const refusals = new Counter({
    name: 'bulkhead_refusals_total',
    help: 'Refused requests by error code.',
    labelNames: ['code'],
    registers,
  })

  const ofPool = (name: string, help: string, valueOf: (pool: Pool, kind: ShareClass) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['class'],
      registers,
      collect() {
        const now = pool()
        if (now) for (const kind of Object.keys(now.sizes) as ShareClass[]) this.set({ class: kind }, valueOf(now, kind))
      },
    })
  ofPool('bulkhead_pool_connections', 'Connections to the database that a class may use.', ({ sizes }, kind) => sizes[kind])
  ofPool('bulkhead_pool_used', 'Connections to the database in use, by class.', ({ state }, kind) => state[kind].used)
  ofPool('bulkhead_pool_waiting', 'Calls that wait for a connection, by class.', ({ state }, kind) => state[kind].waiting)

  const counter = (name: string, help: string, { label, collect }: { label?: string; collect: (this: Counter) => void }) =>
    new Counter({ name, help, labelNames: label === undefined ? [] : [label], registers, collect })
  counter('bulkhead_webhook_tries_total', 'Tries to deliver to a webhook, by outcome.', {
    label: 'outcome',
    collect() {
      this.reset()
      for (const [outcome, n] of Object.entries(deliveryTries)) this.inc({ outcome }, n)
    },
  })
  counter('bulkhead_slow_statements_total', 'Statements in the database that took longer than BULKHEAD_SLOW_STATEMENT_MS.', {
    collect() {
      this.reset()
      this.inc(statements.slow)
    },
  })

  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const labeled = <Label extends string>(name: string, help: string, label: Label) =>
    new Gauge({ name, help, labelNames: [label], registers })
  const measured = {
    jobs: labeled('bulkhead_jobs_waiting', 'Jobs that wait or run, by kind.', 'task'),
    failed: labeled('bulkhead_jobs_failed', 'Jobs that failed and are not tried again, by kind.', 'task'),
    oldestJob: gauge('bulkhead_oldest_job_seconds', 'Seconds that the oldest due job has waited.'),
    oldestUnsealed: gauge(
      'bulkhead_oldest_unsealed_audit_event_seconds',
      'Seconds that the oldest audit event has waited for its seal.',
    ),
    failingWebhooks: gauge('bulkhead_webhooks_failing', 'Enabled webhooks whose latest delivery failed.'),
    organizations: gauge('bulkhead_organizations', 'Organizations.'),
    rows: labeled('bulkhead_organization_rows', 'Rows in the projects of the twenty largest organizations.', 'organization'),
    time: gauge(
      'bulkhead_measured_timestamp_seconds',
      'When the database was last read for the metrics of jobs, audit events, webhooks and organizations. They are as old as this.',
    ),
    success: gauge(
      'bulkhead_measured_success',
      '1 when the database could be read the last time, else 0: the values are from before.',
    ),
  }

  return {
    observe(record: RequestRecord): void {
      const { operation = 'none', status, code } = record
      durations.observe({ operation, status: statusClass(record) }, record.milliseconds / 1000)
      if (code !== undefined) refusals.inc({ code })
      else if (status !== undefined && status >= 400) refusals.inc({ code: `status_${status}` })
    },
    measured(values: Measured): void {
      for (const one of [measured.jobs, measured.failed, measured.rows]) one.reset()
      for (const { task, waiting, failed } of values.jobs) {
        measured.jobs.set({ task }, waiting)
        measured.failed.set({ task }, failed)
      }
      for (const { organization, rows } of values.rows) measured.rows.set({ organization }, rows)
      for (const name of ['oldestJob', 'oldestUnsealed', 'failingWebhooks', 'organizations'] as const)
        measured[name].set(values[name])
      measured.time.set(Date.now() / 1000)
      measured.success.set(1)
    },
    notMeasured: () => measured.success.set(0),
    /** Every name, with the labels that it may have. */
    names: () => register.getMetricsAsArray().map(({ name }) => name),
    text: () => register.metrics(),
    /** For another process, which adds them to its own. */
    values: () => register.getMetricsAsJSON(),
    contentType: register.contentType,
  }
}

export type Metrics = ReturnType<typeof createMetrics>
