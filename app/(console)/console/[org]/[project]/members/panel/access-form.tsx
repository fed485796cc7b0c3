'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm, useWatch } from 'react-hook-form'
import { EnvironmentField } from '#components/access/environment-field'
import { RoleField } from '#components/access/role-field'
import { DateTimeField } from '#components/form/date-time-field'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { useToast } from '#components/ui/toast'
import { Unsaved } from '#components/ui/unsaved'
import type { Member } from '#contract/members/members'
import type { Tagged } from '#queries/call'
import { useUpdateMember } from '#queries/members/members'
import { environmentsQuery } from '#queries/projects/environments'
import type { InProject } from '../in-project.ts'
import { ScopePreview } from '../scope-preview.tsx'
import { type AccessValues, changeOf, collision, differences, fields, valuesOf, withFields } from './access-values.ts'
import { CellsField } from './cells-field.tsx'
import { Changes } from './changes.tsx'
import { Collision } from './collision.tsx'
import { MemberHistory } from './member-history.tsx'

interface AccessFormProps extends InProject {
  /** The member as they are now; reloads when a save finds that somebody else changed them. */
  current: Tagged<Member>
  reload: () => void
  /** They were removed while this was open. */
  gone: boolean
}

/** Role, environment, expiry and cells, saved in one request. Says before what changes, and what was changed by others meanwhile. */
export function AccessForm({ org, project, access, current, reload, gone, onClose }: AccessFormProps) {
  const toast = useToast()
  const update = useUpdateMember(org, project)
  const { data: environments = [] } = useQuery(environmentsQuery(org, project))
  // What the form was filled from; a reload in the background must not move it.
  const [base, setBase] = useState(current)
  const { userId, name } = base.item
  const before = valuesOf(base.item)
  const form = useForm<AccessValues>({ defaultValues: before })
  const { control } = form
  const [role, envName, cellScopes, expiresAt] = useWatch({ control, name: ['role', 'envName', 'cellScopes', 'expiresAt'] })
  const mine = { role, envName, cellScopes, expiresAt }
  const changed = differences(before, mine)
  const theirs = update.error?.code === 'precondition_failed' && current.etag !== base.etag ? valuesOf(current.item) : null
  const met = theirs && collision(before, mine, theirs)

  const choose = (whose: 'mine' | 'theirs') => {
    if (!theirs || !met) return
    const chosen = whose === 'mine' ? met.mine : withFields(met.mine, theirs, met.both)
    for (const field of fields) form.setValue(field, chosen[field])
    setBase(current)
    update.reset()
  }
  const save = () =>
    update.mutate(
      { userId, ifMatch: base.etag, ...changeOf(before, mine) },
      {
        onSuccess: () => {
          toast(`The access of ${name} was changed`)
          onClose()
        },
        onError: ({ code }) => (code === 'precondition_failed' || code === 'member_not_found') && reload(),
      },
    )
  const off = gone
    ? `${name} is no longer a member`
    : met
      ? 'Choose what to keep first'
      : changed.length === 0
        ? 'Nothing has changed'
        : null
  return (
    <form
      noValidate
      method="post"
      className="-mb-5 flex min-h-[calc(100%+1.25rem)] flex-col"
      onSubmit={(event) => {
        // React events of a panel also reach the page's forms.
        event.stopPropagation()
        event.preventDefault()
        if (!off && !update.isPending) save()
      }}
    >
      <Unsaved when={changed.length > 0 && !update.isPending} />
      <div className="space-y-5 pb-6">
        <div className="grid items-start gap-x-4 gap-y-5 sm:grid-cols-2">
          <RoleField control={control} name="role" label="Role" access={access} />
          <EnvironmentField
            control={control}
            name="envName"
            label="Environment"
            environments={environments.map((environment) => environment.name)}
            hint="Limited to one environment or to cells, a member can’t manage the project; their role only applies to data."
          />
        </div>
        <DateTimeField control={control} name="expiresAt" label="Expires" optional presets={[30, 90]} emptyLabel="Never" />
        <CellsField {...{ org, project, name }} value={cellScopes} onChange={(cells) => form.setValue('cellScopes', cells)} />
        <MemberHistory {...{ org, project, userId }} reason={access.can['audit:read'].reason} />
      </div>
      {/* Stays in sight, because it says what saving does. */}
      <div className="sticky -bottom-5 z-10 -mx-5 mt-auto space-y-3 border-t border-line bg-raised px-5 py-3">
        {gone && (
          <Notice tone="warning" title={`${name} is no longer a member of this project`}>
            Somebody removed them in the meantime. To give them access again, add them as a member.
          </Notice>
        )}
        {met ? (
          <Collision {...{ before, mine, theirs }} both={met.both} onChoose={choose} />
        ) : (
          changed.length > 0 && <Changes label="What changes" before={before} after={mine} />
        )}
        {update.error && !met && !gone && <Notice tone="warning">{update.error.message}</Notice>}
        <div className="flex flex-wrap items-center justify-end gap-2">
          <div className="mr-auto min-w-0">
            <ScopePreview {...{ org, project, name }} before={before} after={mine} />
          </div>
          <Button onClick={() => onClose()}>Cancel</Button>
          <Button type="submit" variant="primary" pending={update.isPending} disabledReason={off}>
            Save access
          </Button>
        </div>
      </div>
    </form>
  )
}
