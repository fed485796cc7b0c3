import type { AuditEvent } from '#contract/audit/events'
import { phraseOf } from './sentences.ts'

interface Named {
  email: string
  name: string
}

/** Names people by their address; whoever is not among them keeps the address. */
export function namesOfPeople(people: readonly Named[] | undefined): (address: string) => string {
  const names = new Map(people?.map(({ email, name }) => [email, name]))
  return (address) => names.get(address) ?? address
}

interface EventSentenceProps {
  event: Pick<AuditEvent, 'actor' | 'action' | 'target'>
  /** The name of the person with an address. */
  nameOf: (address: string) => string
}

/** "Mara Lindt changed the access of Tomás Ruiz". */
export function EventSentence({ event: { actor, action, target }, nameOf }: EventSentenceProps) {
  const [before = '', after = ''] = phraseOf(action).split('…')
  const named = phraseOf(action).includes('…')
  return (
    <>
      <strong className="font-medium">{nameOf(actor.name)}</strong>
      {actor.kind === 'project_token' && <span className="text-muted"> (token)</span>} {before}
      {named && <strong className="font-medium">{target.name === null ? target.id : nameOf(target.name)}</strong>}
      {after}
    </>
  )
}
