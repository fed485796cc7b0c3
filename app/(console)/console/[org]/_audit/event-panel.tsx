import { Actor } from '#components/actor'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { JsonDiff } from '#components/ui/json-diff'
import { Mono } from '#components/ui/mono'
import { SidePanel } from '#components/ui/side-panel'
import { Time } from '#components/ui/time'
import { Reason } from '#components/wipes/reason'
import type { AuditEvent } from '#contract/audit/events'
import { Target } from './audit-columns.tsx'

interface EventPanelProps {
  /** Undefined when the event in the URL is not on this page of the log. */
  event: AuditEvent | undefined
  open: boolean
  onClose: () => void
  onFilter: (change: { actor: string } | { action: string } | { target: string } | { requestId: string }) => void
}

/** One event in full: who, what, from where, and what it changed. */
export function EventPanel({ event, open, onClose, onFilter }: EventPanelProps) {
  return (
    <SidePanel
      open={open}
      onOpenChange={onClose}
      width="lg"
      title={event ? <code className="text-base">{event.action}</code> : 'Event'}
    >
      {event ? (
        <Details event={event} onFilter={onFilter} />
      ) : (
        <p className="text-muted">This event isn’t on this page of the log. Try other filters or another page.</p>
      )}
    </SidePanel>
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The change without its timestamp: the event has its own time. */
function beforeAndAfter({ before, after }: AuditEvent): { before: unknown; after: unknown } {
  if (!isObject(before) || !isObject(after)) return { before, after }
  const { updatedAt: _, ...was } = before
  const { updatedAt: __, ...is } = after
  return { before: was, after: is }
}

/** Why, if the actor said so. */
const reasonOf = ({ after }: AuditEvent): string | null =>
  isObject(after) && typeof after['reason'] === 'string' ? after['reason'] : null

/** Its number in the organization's chain, and its hash. */
function Seal({ event: { seq, hash } }: { event: AuditEvent }) {
  if (seq === null || hash === null) return <span className="text-muted">Not sealed yet. Sealing takes a few seconds.</span>
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <span className="tabular-nums">#{seq.toLocaleString('en-US')}</span>
      <Mono copy="hash" full={hash} quiet>
        {`${hash.slice(0, 16)}…`}
      </Mono>
    </span>
  )
}

function Details({ event, onFilter }: { event: AuditEvent; onFilter: EventPanelProps['onFilter'] }) {
  const { actor, target, requestId, address } = event
  const reason = reasonOf(event)
  return (
    <div className="space-y-5">
      <DescriptionList
        items={[
          { label: 'Time', value: <Time exact value={event.createdAt} className="tabular-nums" /> },
          { label: 'Actor', value: <Actor actor={actor} /> },
          ...(actor.id ? [{ label: 'Actor id', value: <Mono copy="actor id">{actor.id}</Mono> }] : []),
          { label: 'Target', value: <Target target={target} /> },
          { label: 'Target id', value: <Mono copy="target id">{target.id}</Mono> },
          ...(reason ? [{ label: 'Reason', value: <Reason text={reason} /> }] : []),
          ...(address ? [{ label: 'IP address', value: <Mono copy="IP address">{address}</Mono> }] : []),
          ...(requestId ? [{ label: 'Request id', value: <Mono copy="request id">{requestId}</Mono> }] : []),
          { label: 'Event id', value: <Mono copy="event id">{event.id}</Mono> },
          { label: 'Seal', value: <Seal event={event} /> },
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => onFilter({ action: event.action })}>
          Only this action
        </Button>
        {actor.id && (
          <Button size="sm" onClick={() => onFilter({ actor: actor.id! })}>
            Only this actor
          </Button>
        )}
        <Button size="sm" onClick={() => onFilter({ target: target.id })}>
          Only this target
        </Button>
        {requestId && (
          <Button size="sm" onClick={() => onFilter({ requestId })}>
            Only this request
          </Button>
        )}
      </div>
      <section aria-labelledby="difference">
        <h3 id="difference" className="mb-2 font-medium">
          What changed
        </h3>
        {event.before === null && event.after === null ? (
          <p className="text-muted">This event recorded no values.</p>
        ) : (
          <JsonDiff {...beforeAndAfter(event)} label="Difference" />
        )}
      </section>
    </div>
  )
}
