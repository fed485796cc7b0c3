'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Chip } from '#components/ui/chip'
import { Combobox } from '#components/ui/combobox'
import type { AuditEvent } from '#contract/audit/events'
import { organizationAuditActions, projectAuditActions } from '#contract/audit/actions'
import { membersQuery } from '#queries/members/members'
import { peopleQuery } from '#queries/organizations/organizations'
import { projectsQuery } from '#queries/projects/projects'
import { tokensQuery } from '#queries/tokens/tokens'
import { ExportMenu } from '#components/table/export-menu'
import { type AuditFilterState, sinceOptions } from './use-audit-filter.ts'

const toOptions = (actions: readonly string[]) => actions.map((value) => ({ value, label: value }))
const ofProject = toOptions(projectAuditActions)
const ofOrganization = toOptions([...organizationAuditActions, ...projectAuditActions])

interface AuditToolbarProps {
  org: string
  /** Without a project, the log is that of the whole organization. */
  project: string | undefined
  filter: AuditFilterState
  filtered: boolean
  onFilter: (change: Partial<AuditFilterState> | null) => void
  /** Actors of the events on the page, including former members. */
  seen: readonly AuditEvent['actor'][]
  /** Download URLs of the filtered log. */
  exports: { csv: string; ndjson: string }
}

/** Filters the log by action, person or token, target and time, and exports the result. */
export function AuditToolbar({ org, project, filter, filtered, onFilter, seen, exports }: AuditToolbarProps) {
  const [typed, setTyped] = useState('')
  const [inProject, setInProject] = useState('')
  const q = typed.trim()
  const isOfProject = project !== undefined
  const members = useQuery({
    ...membersQuery(org, project ?? '', { ...(q && { q }) }),
    enabled: isOfProject,
    placeholderData: keepPreviousData,
  })
  const tokens = useQuery({ ...tokensQuery(org, project ?? ''), enabled: isOfProject })
  const everybody = useQuery({ ...peopleQuery(org, { q }), enabled: !isOfProject, placeholderData: keepPreviousData })
  const projects = useQuery({ ...projectsQuery(org, inProject.trim()), enabled: !isOfProject, placeholderData: keepPreviousData })
  const fits = ({ label }: { label: string }) => label.toLowerCase().includes(q.toLowerCase())
  const others = [
    ...(tokens.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name, hint: 'token' })),
    ...seen.flatMap(({ id, name, kind }) => (id ? [{ value: id, label: name, hint: kind === 'user' ? '' : 'token' }] : [])),
  ]
  const people = ((isOfProject ? members : everybody).data?.items ?? []).map(({ userId, email, name }) => ({
    value: userId,
    label: email,
    hint: name,
  }))
  const listed = [...people, ...others.filter((other) => fits(other) || other.value === filter.actor)]
  const options = listed.filter(({ value }, index) => listed.findIndex((other) => other.value === value) === index)
  return (
    <Toolbar
      label="Filter events"
      onClear={filtered ? () => onFilter(null) : undefined}
      actions={<ExportMenu {...exports} />}
      search={{
        value: filter.target ?? '',
        onChange: (target) => onFilter({ target: target || null }),
        placeholder: 'Target name or id',
      }}
    >
      <div className="w-full *:border-line! sm:w-60">
        <Combobox
          label="Action"
          placeholder="Any action"
          mono
          clearable
          allowCustom
          options={isOfProject ? ofProject : ofOrganization}
          value={filter.action}
          onChange={(action) => onFilter({ action })}
        />
      </div>
      <div className="w-full *:border-line! sm:w-72">
        <Combobox
          label="Actor"
          placeholder="Any person or token"
          clearable
          options={options}
          value={filter.actor}
          onChange={(actor) => onFilter({ actor })}
          onSearch={setTyped}
          empty="No person or token matches"
        />
      </div>
      {!isOfProject && (
        <div className="w-full *:border-line! sm:w-60">
          <Combobox
            label="Project"
            placeholder="Any project"
            clearable
            allowCustom
            options={(projects.data ?? []).map(({ slug, name }) => ({ value: slug, label: slug, hint: name }))}
            value={filter.project}
            onChange={(chosen) => onFilter({ project: chosen })}
            onSearch={setInProject}
            empty="No project matches. The id of a deleted one can be used too"
          />
        </div>
      )}
      <ToolbarFilter label="When" options={sinceOptions} value={filter.since} onChange={(since) => onFilter({ since })} />
      {filter.requestId && (
        <Chip label={`request ${filter.requestId.slice(0, 8)}…`} onRemove={() => onFilter({ requestId: null })} />
      )}
    </Toolbar>
  )
}
