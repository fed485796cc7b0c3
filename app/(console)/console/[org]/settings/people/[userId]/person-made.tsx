'use client'

import { useQuery } from '@tanstack/react-query'
import { KeyRound, Webhook } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { SkeletonText } from '#components/ui/skeleton'
import type { Made } from '#contract/members/made-by'
import { paths } from '#contract/paths'
import { personMadeQuery } from '#queries/organizations/organizations'

interface PersonMadeProps {
  org: string
  userId: string
}

/** Project tokens and webhooks that a person created and that still work. */
export function PersonMade({ org, userId }: PersonMadeProps) {
  const made = useQuery(personMadeQuery(org, userId))
  return (
    <Section title="Created by them" description="Project tokens and webhooks that keep working until somebody revokes them.">
      {made.error ? (
        <Notice tone="warning">{made.error.message}</Notice>
      ) : made.data ? (
        <Things org={org} made={made.data} />
      ) : (
        <SkeletonText label="Loading what they created" />
      )}
    </Section>
  )
}

function Things({ org, made: { tokens, moreTokens, webhooks } }: { org: string; made: Made }) {
  if (tokens.length + webhooks.length === 0) return <p className="text-muted">Nothing that still works.</p>
  const token = <KeyRound aria-hidden className="size-3.5 text-muted" />
  return (
    <ul aria-label="Created by them" className="divide-y divide-line">
      {tokens.map(({ id, name, project }) => (
        <Thing key={id} icon={token} href={paths.project(org, project.slug).token(id)} name={name}>
          project token in {project.name}
        </Thing>
      ))}
      {moreTokens > 0 && <li className="py-1.5 text-muted">and {moreTokens.toLocaleString('en')} more project tokens</li>}
      {webhooks.map(({ id, host, enabled }) => (
        <Thing
          key={id}
          icon={<Webhook aria-hidden className="size-3.5 text-muted" />}
          href={paths.organization(org).webhook(id)}
          name={host}
        >
          webhook{enabled ? '' : ', turned off'}
        </Thing>
      ))}
    </ul>
  )
}

function Thing({ icon, href, name, children }: { icon: ReactNode; href: string; name: string; children: ReactNode }) {
  return (
    <li className="flex items-baseline justify-between gap-3 py-1.5">
      <span className="flex min-w-0 items-center gap-2">
        {icon}
        <Link look="quiet" href={href} className="truncate" title={name}>
          {name}
        </Link>
      </span>
      <span className="shrink-0 text-xs text-muted">{children}</span>
    </li>
  )
}
