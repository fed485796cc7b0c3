'use client'

import { useQuery } from '@tanstack/react-query'
import { Eye, EyeOff } from 'lucide-react'
import { parseAsString, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { Badge } from '#components/ui/badge'
import { Button } from '#components/ui/button'
import { Field } from '#components/ui/field'
import { Input } from '#components/ui/input'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { Select } from '#components/ui/select'
import { Skeleton } from '#components/ui/skeleton'
import type { EntityVisibility } from '#contract/review/access'
import { accessQuery } from '#queries/review/access'
import { environmentsQuery } from '#queries/projects/environments'

const rules = {
  unrestricted: 'Not limited to cells',
  in_cell_scope: 'In one of the cells',
  outside_cell_scope: 'Outside the cells',
  no_cell: 'In no cell',
  outside_environment: 'Outside the environment',
  no_such_entity: 'No such entity',
  no_access: 'No access',
} as const satisfies Record<EntityVisibility['rule'], string>

export interface TryEntityProps {
  org: string
  project: string
  /** The person or token whose access is checked. */
  whose: { userId: string } | { tokenId: string }
}

/** Checks whether a person or token sees one entity, and which rule decides it. The input is kept in the URL. */
export function TryEntity({ org, project, whose }: TryEntityProps) {
  const [asked, ask] = useQueryStates({ env: parseAsString, entity: parseAsString })
  const { data: environments = [] } = useQuery(environmentsQuery(org, project))
  const first = environments.find(({ isDefault }) => isDefault) ?? environments[0]
  const [chosenEnv, setEnv] = useState(asked.env)
  const [entity, setEntity] = useState(asked.entity ?? '')
  const env = chosenEnv ?? first?.name ?? null
  return (
    <Section
      title="Try an entity"
      description={`Check whether this ${'userId' in whose ? 'person' : 'token'} can see an entity, and which rule decides it.`}
    >
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (env && entity.trim()) void ask({ env, entity: entity.trim() })
        }}
      >
        <Field label="Environment" nativeLabel={false} className="w-full sm:w-44">
          <Select value={env} onChange={setEnv} options={environments.map(({ name }) => ({ value: name, label: name }))} />
        </Field>
        <Field label="Entity" className="min-w-40 flex-1">
          <Input
            value={entity}
            onChange={setEntity}
            mono
            placeholder="Name or id"
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Button type="submit" disabledReason={env && entity.trim() ? null : 'Choose an environment and enter an entity'}>
          Check
        </Button>
      </form>
      {asked.env && asked.entity && <Answer {...{ org, project, whose }} env={asked.env} entity={asked.entity} />}
    </Section>
  )
}

function Answer({ org, project, whose, env, entity }: TryEntityProps & { env: string; entity: string }) {
  const { data, error, isPending } = useQuery(accessQuery(org, project, { ...whose, env, entity }))
  if (isPending)
    return (
      <Frame>
        <Skeleton className="h-4 w-64" />
      </Frame>
    )
  if (error)
    return (
      <Frame>
        <Notice tone="warning">{error.message}</Notice>
      </Frame>
    )
  if (!data.entity) return null
  const { visible, rule, reason } = data.entity
  return (
    <Frame>
      <output className="block space-y-1.5">
        <span className="flex flex-wrap items-center gap-2">
          <Badge
            tone={visible ? 'accent' : 'strong'}
            icon={visible ? <Eye aria-hidden className="size-3" /> : <EyeOff aria-hidden className="size-3" />}
          >
            {visible ? 'Visible' : 'Not visible'}
          </Badge>
          <code className="min-w-0 wrap-anywhere">{entity}</code>
          <span className="text-muted">
            in <code>{env}</code>
          </span>
        </span>
        <span className="block text-pretty">
          <span className="font-medium">{rules[rule]}.</span> <span className="text-muted">{reason}.</span>
        </span>
      </output>
    </Frame>
  )
}

function Frame({ children }: { children: ReactNode }) {
  return <div className="mt-4 border-t border-line pt-3">{children}</div>
}
