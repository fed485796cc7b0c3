import { Check, Minus } from 'lucide-react'
import type { Abilities } from '#components/access/role'
import type { ProjectAction } from '#contract/permissions'

/** Every action in words, in groups, from reading to owning. */
const groups: { heading: string; actions: Partial<Record<ProjectAction, string>> }[] = [
  {
    heading: 'Read',
    actions: { 'project:read': 'See the project', 'catalog:read': 'Read the catalog', 'data:read': 'Read data' },
  },
  {
    heading: 'Write',
    actions: { 'data:write': 'Change data', 'catalog:write': 'Change the catalog', 'apply:write': 'Apply, nuke and undo' },
  },
  {
    heading: 'Secrets',
    actions: {
      'secrets:read': 'Read secrets',
      'secrets:write': 'Create and change secrets',
      'secrets:set-value': 'Set the value of a secret',
    },
  },
  {
    heading: 'Administer',
    actions: {
      'members:manage': 'Manage members',
      'tokens:manage': 'Manage tokens',
      'audit:read': 'Read the audit log',
      'project:update': 'Change the project',
      'project:delete': 'Delete the project',
    },
  },
  {
    heading: 'Own',
    actions: { 'owners:manage': 'Make, change or remove an owner', 'project:protect': 'Protect the project' },
  },
]

/** What somebody may do, and for what he may not, why. */
export function PermissionList({ can }: { can: Abilities }) {
  return (
    <div className="divide-y divide-line">
      {groups.map(({ heading, actions }) => (
        <section key={heading} aria-label={heading} className="grid px-4 py-2 sm:grid-cols-[6.5rem_1fr]">
          <h3 className="py-1 text-muted">{heading}</h3>
          <ul>
            {Object.entries(actions).map(([action, words]) => (
              // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys above are actions
              <Permission key={action} action={action as ProjectAction} words={words} can={can} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Permission({ action, words, can }: { action: ProjectAction; words: string; can: Abilities }) {
  const { allowed, reason } = can[action]
  const Mark = allowed ? Check : Minus
  return (
    <li className="flex items-start gap-2.5 py-1">
      <Mark
        aria-hidden
        className={allowed ? 'mt-0.75 size-3.5 shrink-0 text-accent-ink' : 'mt-0.75 size-3.5 shrink-0 text-faint'}
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-3">
          <span className={allowed ? undefined : 'text-muted'}>
            {words} <span className="sr-only">{allowed ? 'allowed' : 'not allowed'}</span>
          </span>
          <code className="hidden text-xs text-faint sm:block">{action}</code>
        </div>
        {reason && <div className="text-xs text-pretty text-muted">{reason}</div>}
      </div>
    </li>
  )
}
