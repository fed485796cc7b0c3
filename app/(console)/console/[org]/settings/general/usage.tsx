'use client'

import { useQuery } from '@tanstack/react-query'
import { Button } from '#components/ui/button'
import { Meter } from '#components/ui/meter'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { SkeletonText } from '#components/ui/skeleton'
import type { OrganizationUsage, Quota } from '#contract/limits/usage'
import { quotas } from '#contract/words'
import { usageQuery } from '#queries/limits/usage'

/** The share of a quota from which to warn. */
const NEARLY = 0.9

const inWords = { projects: 'Projects', members: 'People', tokens: 'Tokens', rows: 'Rows' } as const satisfies Record<
  Quota,
  string
>

/** `projects, people, and rows`. */
const listed = (kinds: Quota[]) => new Intl.ListFormat('en').format(kinds.map((kind) => inWords[kind].toLowerCase()))

const isNearly = ({ used, quota }: OrganizationUsage[Quota]) => quota !== null && used >= quota * NEARLY

/** The organization's usage of its quotas. */
export function Usage({ org }: { org: string }) {
  const { data: usage, error, refetch } = useQuery(usageQuery(org))
  const near = usage ? quotas.filter((kind) => isNearly(usage[kind])) : []
  return (
    <Section title="Usage" description="Rows count everything in the catalogs and data of all projects.">
      {error ? (
        <Notice
          tone="warning"
          title="Usage couldn’t be loaded"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {error.message}
        </Notice>
      ) : usage ? (
        <div className="space-y-4">
          <ul aria-label="Usage" className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
            {quotas.map((kind) => (
              <li key={kind}>
                <Meter label={inWords[kind]} value={usage[kind].used} max={usage[kind].quota} warnFrom={NEARLY} />
              </li>
            ))}
          </ul>
          {near.length > 0 && (
            <Notice tone="warning" title={`Nearly at the quota for ${listed(near)}`}>
              Nothing can be added beyond a quota. Delete what you no longer need, or ask the operator of this server for a higher
              quota.
            </Notice>
          )}
        </div>
      ) : (
        <SkeletonText label="Loading usage" lines={4} />
      )}
    </Section>
  )
}
