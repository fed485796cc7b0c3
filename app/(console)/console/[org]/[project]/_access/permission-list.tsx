import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '#components/ui/badge'
import type { Access, AccessRule, Explained } from '#contract/review/access'
import type { ProjectAction } from '#contract/access/permissions'

/** Every action in words, in groups, from reading to destroying. */
const groups: { heading: string; actions: Partial<Record<ProjectAction, string>> }[] = [
  {
    heading: 'Read',
    actions: {
      'project:read': 'View the project',
      'catalog:read': 'Read the catalog',
      'data:read': 'Read data',
      'secrets:read': 'Read secrets',
      'audit:read': 'Read the audit log',
    },
  },
  {
    heading: 'Data',
    actions: { 'data:write': 'Change data', 'secrets:set-value': 'Set the value of a secret' },
  },
  {
    heading: 'Catalog',
    actions: { 'catalog:write': 'Change the catalog', 'secrets:write': 'Create and change secrets' },
  },
  {
    heading: 'Administer',
    actions: {
      'members:manage': 'Manage members',
      'tokens:manage': 'Manage tokens',
      'project:update': 'Change project settings',
      'owners:manage': 'Add, change or remove owners',
      'project:protect': 'Protect the project',
    },
  },
]

const rules = {
  organization_role: 'Organization role',
  project_role: 'Project role',
  token_role: 'Token role',
  environment: 'Environment',
  cells: 'Cells',
  verbs: 'Verbs',
  expired: 'Expired',
  no_access: 'No access',
  protected: 'Protected',
  credential: 'Credential',
  viewing_as: 'Viewing as',
} as const satisfies Record<AccessRule, string>

/** What the person or token may and may not do, each with the rule that decides it. */
export function PermissionList({ can, destroying }: Pick<Access, 'can' | 'destroying'>) {
  const asks = destroying.nuke.asks.length > 0 && destroying.nuke.allowed
  return (
    <div className="divide-y divide-line">
      {groups.map(({ heading, actions }) => (
        <Group key={heading} heading={heading}>
          {Object.entries(actions).map(([action, words]) => {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys above are actions
            const { verbs, ...explained } = can[action as ProjectAction]
            const some = !explained.allowed && verbs.length > 0 ? `Can still ${verbs.join(', ')}.` : undefined
            return <Permission key={action} action={action} words={words} note={some} {...explained} />
          })}
        </Group>
      ))}
      <Group heading="Destroy">
        <Permission action="apply:write" words="Apply documents, undo a nuke" {...can['apply:write']} />
        <Permission
          action="nuke"
          words="Nuke the data"
          note={asks ? 'Asks you to type the project’s slug, and to confirm it’s you unless you signed in recently.' : undefined}
          {...destroying.nuke}
        />
        <Permission action="wipes:purge" words="Purge nuked data" {...can['wipes:purge']} />
        <Permission action="project:delete" words="Delete the project" {...destroying.delete} />
      </Group>
    </div>
  )
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <section aria-label={heading} className="grid px-4 py-2 sm:grid-cols-[6.5rem_1fr]">
      <h3 className="py-1 text-muted">{heading}</h3>
      <ul>{children}</ul>
    </section>
  )
}

interface PermissionProps extends Explained {
  /** As the API names it. */
  action: string
  words: string
  /** A further note. */
  note?: string | undefined
}

function Permission({ action, words, note, allowed, rule, reason, sentence }: PermissionProps) {
  const Mark = allowed ? Check : Minus
  return (
    <li className="flex items-start gap-2.5 py-1">
      <Mark
        aria-hidden
        className={allowed ? 'mt-0.75 size-3.5 shrink-0 text-accent-ink' : 'mt-0.75 size-3.5 shrink-0 text-faint'}
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-3">
          <span className={allowed ? 'min-w-0 flex-1' : 'min-w-0 flex-1 text-muted'}>
            {words} <span className="sr-only">{allowed ? 'allowed' : 'not allowed'}</span>
          </span>
          <code className="hidden text-xs text-faint md:block">{action}</code>
          <span className="flex shrink-0 justify-end sm:w-32" title={allowed ? sentence : undefined}>
            <Badge tone={allowed ? 'neutral' : 'strong'}>{rules[rule]}</Badge>
          </span>
        </div>
        {(reason ?? note) && (
          <div className="text-xs text-pretty text-muted">{[reason && `${reason}.`, note].filter(Boolean).join(' ')}</div>
        )}
      </div>
    </li>
  )
}
