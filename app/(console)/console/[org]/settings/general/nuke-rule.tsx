'use client'

import { Concept } from '#components/concepts/concept'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { Switch } from '#components/ui/switch'
import type { Organization } from '#contract/organizations/organizations'
import { useUpdateOrganization } from '#queries/organizations/organizations'

interface NukeRuleProps {
  org: string
  current: Organization
  /** Why it cannot be changed. */
  off: string | null
}

/** Whether people must say why they nuke a project. */
export function NukeRule({ org, current, off }: NukeRuleProps) {
  const { mutate, isPending, variables, error } = useUpdateOrganization(org)
  return (
    <Section
      title={
        <span className="inline-flex items-center gap-1">
          Nukes <Concept of="nuke" />
        </span>
      }
    >
      <div className="space-y-3">
        <Switch
          label="Require a reason for a nuke"
          hint="Anyone who nukes a project in the console must say why. Tokens can nuke without a reason."
          checked={(isPending && variables.requireNukeReason) || (!isPending && current.requireNukeReason)}
          onChange={(requireNukeReason) => mutate({ requireNukeReason })}
          disabledReason={off}
        />
        {error && <Notice tone="warning">{error.message}</Notice>}
      </div>
    </Section>
  )
}
