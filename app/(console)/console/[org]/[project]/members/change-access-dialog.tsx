'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { roleOptions } from '#components/access/role'
import { MultiCombobox } from '#components/ui/combobox'
import { Field } from '#components/ui/field'
import { Select, type SelectOption } from '#components/ui/select'
import type { Role } from '#contract/common'
import { environmentsQuery } from '#queries/projects/environments'
import { statsQuery } from '#queries/projects/stats'
import { BulkDialog } from './bulk-dialog.tsx'
import { changeReason } from './member-actions.tsx'
import { useDetails } from './use-details.tsx'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

/** Stands for no change; it is neither a role nor an environment's name. */
const same = '='
const every = '*'
const unchangedOption = { value: same, label: 'Don’t change' } as const

const DAY = 86_400_000
const expiries = [
  unchangedOption,
  { value: '', label: 'Never' },
  ...[7, 30, 90, 365].map((days) => ({ value: String(days), label: `In ${days} days` })),
]
const cellChoices = [unchangedOption, { value: 'all', label: 'All cells' }, { value: 'some', label: 'Only these' }] as const

/** Sets the same role, environment, cells or expiry for several members. "Don’t change" leaves a value as it is. */
export function ChangeAccessDialog({ members, ...shared }: InProject & { members: MemberRow[] }) {
  const { org, project, access } = shared
  const { data: environments = [] } = useQuery(environmentsQuery(org, project))
  const { data: stats } = useQuery(statsQuery(org, project))
  const [chosenRole, setRole] = useState<Role | typeof same>(same)
  const [env, setEnv] = useState<string>(same)
  const [expiry, setExpiry] = useState<string>(same)
  const [cellChoice, setCellChoice] = useState<(typeof cellChoices)[number]['value']>(same)
  const [cells, setCells] = useState<string[]>([])
  const body = {
    ...(chosenRole !== same && { role: chosenRole }),
    ...(env !== same && { envName: env === every ? null : env }),
    ...(cellChoice !== same && { cellScopes: cellChoice === 'all' ? null : cells }),
    ...(expiry !== same && { expiresAt: expiry === '' ? null : expiry }),
  }
  const details = useDetails({ org, project, members }, body, (member) => changeReason(member, access) !== null)
  const envOptions = [
    unchangedOption,
    { value: every, label: 'All environments' },
    ...environments.map(({ name }) => ({ value: name, label: name })),
  ]
  const roles: SelectOption<Role | typeof same>[] = [unchangedOption, ...roleOptions(access)]
  const cellOptions = (stats?.cells ?? []).map(({ name, entities }) => ({
    value: name,
    label: name,
    hint: entities.toLocaleString('en'),
  }))
  return (
    <BulkDialog
      {...shared}
      title={`Change the access of ${members.length === 1 ? '1 member' : `${members.length} members`}`}
      members={members}
      reasonOf={(member) => changeReason(member, access)}
      change={Object.keys(body).length > 0 ? { kind: 'update', body: inDays(body) } : null}
      missing="Choose what to change"
      verb="Change access"
      details={details}
      done="changed"
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="New role" nativeLabel={false}>
          <Select value={chosenRole} onChange={setRole} options={roles} />
        </Field>
        <Field label="New environment" nativeLabel={false}>
          <Select value={env} onChange={setEnv} options={envOptions} />
        </Field>
        <Field label="New cells" nativeLabel={false}>
          <Select value={cellChoice} onChange={setCellChoice} options={cellChoices} />
        </Field>
        <Field label="New expiry" nativeLabel={false}>
          <Select value={expiry} onChange={setExpiry} options={expiries} />
        </Field>
        {cellChoice === 'some' && (
          <Field
            label="Cells to include"
            className="sm:col-span-2"
            hint={
              cells.length === 0
                ? 'If you choose no cells, these members can’t see any entities.'
                : 'A cell includes its child cells.'
            }
          >
            <MultiCombobox
              value={cells}
              onChange={setCells}
              options={cellOptions}
              allowCustom
              mono
              placeholder="Choose cells or type a name"
              empty="Type a cell name"
            />
          </Field>
        )}
      </div>
    </BulkDialog>
  )
}

/** Converts days from now to a time. */
const inDays = <Body extends { expiresAt?: string | null }>(body: Body): Body =>
  body.expiresAt ? { ...body, expiresAt: new Date(Date.now() + Number(body.expiresAt) * DAY).toISOString() } : body
