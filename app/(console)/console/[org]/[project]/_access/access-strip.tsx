import type { ReactNode } from 'react'
import { Expiry } from '#components/access/expiry'
import { RoleBadge } from '#components/access/role'
import { CellScopes, EnvironmentScope } from '#components/access/scope'
import { Section } from '#components/ui/section'
import type { Access } from '#contract/review/access'

const sources = {
  organization: 'From the organization: its owners and admins have that role in every project',
  membership: 'From a membership in this project',
  token: 'Set when this project token was created',
} as const satisfies Record<NonNullable<Access['from']>['kind'], string>

export interface AccessStripProps {
  access: Access
  /** When an expired access ended. */
  ended?: string | null
  /** Below the strip: further notes. */
  children?: ReactNode
}

/** The role, its source and its limits, from the widest to the narrowest. */
export function AccessStrip({ access, ended = null, children }: AccessStripProps) {
  const { role, from, envName, cellScopes, verbs, expiresAt } = access
  return (
    <Section title="Access" flush>
      <dl className="grid sm:grid-cols-2 lg:grid-cols-[minmax(0,1.6fr)_repeat(4,minmax(0,1fr))] [&>div]:border-line max-sm:[&>div:not(:first-child)]:border-t sm:max-lg:[&>div:nth-child(n+2)]:border-t sm:max-lg:[&>div:nth-child(odd)]:border-l lg:[&>div:not(:first-child)]:border-l">
        <Facet label="Role" className="sm:max-lg:col-span-2">
          {role ? <RoleBadge role={role} /> : 'None'}
          <span className="block w-full text-xs text-pretty text-muted">
            {from ? sources[from.kind] : 'No active membership'}
          </span>
        </Facet>
        <Facet label="Environment">{envName === null ? <All>All environments</All> : <EnvironmentScope name={envName} />}</Facet>
        <Facet label="Cells">
          <CellScopes cells={cellScopes} all />
        </Facet>
        <Facet label="Verbs">
          {verbs.length === 0 ? <All>All four</All> : `Only ${verbs.map((verb) => verb.replace(':*', '')).join(', ')}`}
        </Facet>
        <Facet label="Expires">
          <Expiry value={expiresAt ?? ended} />
        </Facet>
      </dl>
      {children && <div className="border-t border-line px-4 py-3 empty:hidden">{children}</div>}
    </Section>
  )
}

const All = ({ children }: { children: ReactNode }) => <span className="text-muted">{children}</span>

function Facet({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <div className={`min-w-0 px-4 py-3 ${className ?? ''}`}>
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="mt-1 flex min-h-5 flex-wrap items-center gap-x-2 gap-y-1.5 wrap-anywhere">{children}</dd>
    </div>
  )
}
