import { KeyRound, type LucideIcon, Server, UserRound } from 'lucide-react'
import type { AuditEvent } from '#contract/audit/events'

type ActorValue = AuditEvent['actor']

const kinds = {
  user: { icon: UserRound, suffix: null },
  project_token: { icon: KeyRound, suffix: 'token' },
  system: { icon: Server, suffix: 'system' },
} satisfies Record<ActorValue['kind'], { icon: LucideIcon; suffix: string | null }>

/** Who did something: a person by email address, a token by name, or the server itself. */
export function Actor({ actor }: { actor: ActorValue }) {
  const { icon: Icon, suffix } = kinds[actor.kind]
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1.5 align-bottom">
      <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
      <span className="min-w-0 truncate" title={actor.name}>
        {actor.name}
      </span>
      {suffix && <span className="text-xs text-faint">{suffix}</span>}
    </span>
  )
}
