import { Check, Minus } from 'lucide-react'
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

interface Line extends Explained {
  /** As the API names it. */
  action: string
  words: string
  /** A further note. */
  note?: string | undefined
}

function linesOf({ can, destroying }: Pick<Access, 'can' | 'destroying'>): { heading: string; lines: Line[] }[] {
  const lines = (actions: Partial<Record<ProjectAction, string>>): Line[] =>
    Object.entries(actions).map(([action, words]) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys above are actions
      const { verbs, ...explained } = can[action as ProjectAction]
      const note = !explained.allowed && verbs.length > 0 ? `Can still ${verbs.join(', ')}.` : undefined
      return { action, words, note, ...explained }
    })
  const asks = destroying.nuke.asks.length > 0 && destroying.nuke.allowed
  return [
    ...groups.map(({ heading, actions }) => ({ heading, lines: lines(actions) })),
    {
      heading: 'Destroy',
      lines: [
        { action: 'apply:write', words: 'Apply documents, undo a nuke', ...can['apply:write'] },
        {
          action: 'nuke',
          words: 'Nuke the data',
          note: asks ? 'Asks you to type the project’s slug, and to confirm it’s you unless you signed in recently.' : undefined,
          ...destroying.nuke,
        },
        { action: 'wipes:purge', words: 'Purge nuked data', ...can['wipes:purge'] },
        { action: 'project:delete', words: 'Delete the project', ...destroying.delete },
      ],
    },
  ]
}

/** What the person or token may do, and what not, under the reason that decides it. */
export function PermissionList(access: Pick<Access, 'can' | 'destroying'>) {
  const all = linesOf(access)
  const refused = Map.groupBy(
    all.flatMap(({ lines }) => lines.filter(({ allowed }) => !allowed)),
    ({ ground, sentence }) => ground ?? sentence,
  )
  return (
    <div className="divide-y divide-line">
      {all
        .map(({ heading, lines }) => ({ heading, allowed: lines.filter(({ allowed }) => allowed) }))
        .filter(({ allowed }) => allowed.length > 0)
        .map(({ heading, allowed }) => (
          <section key={heading} aria-label={heading} className="grid px-4 py-2 sm:grid-cols-[6.5rem_1fr]">
            <h3 className="py-1 text-muted">{heading}</h3>
            <ul>
              {allowed.map((line) => (
                <Permission key={line.action} {...line} />
              ))}
            </ul>
          </section>
        ))}
      {[...refused].map(([ground, lines]) => (
        <section key={ground} aria-label={`Not allowed: ${ground}`} className="space-y-1 bg-sunken px-4 py-3 last:rounded-b-lg">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge tone="strong">{rules[lines[0]!.rule]}</Badge>
            <span className="min-w-0 text-pretty">{ground}.</span>
          </h3>
          <ul className="grid gap-x-4 sm:grid-cols-2">
            {lines.map((line) => (
              <Permission key={line.action} {...line} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Permission({ action, words, note, allowed, rule, sentence }: Line) {
  const Mark = allowed ? Check : Minus
  return (
    <li className="flex items-start gap-2.5 py-1" title={sentence}>
      <Mark
        aria-hidden
        className={allowed ? 'mt-0.75 size-3.5 shrink-0 text-accent-ink' : 'mt-0.75 size-3.5 shrink-0 text-faint'}
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-3">
          <span className={allowed ? 'min-w-0 flex-1' : 'min-w-0 flex-1 text-muted'}>
            {words} <span className="sr-only">{allowed ? 'allowed' : 'not allowed'}</span>
          </span>
          {allowed && (
            <>
              <code className="hidden text-xs text-faint md:block">{action}</code>
              <span className="flex shrink-0 justify-end sm:w-32">
                <Badge>{rules[rule]}</Badge>
              </span>
            </>
          )}
        </div>
        {note && <div className="text-xs text-pretty text-muted">{note}</div>}
      </div>
    </li>
  )
}
