'use client'

import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { Form } from '#components/form/form'
import { lazyResolver } from '#components/form/lazy-resolver'
import { TextField } from '#components/form/text-field'
import { DescriptionList } from '#components/ui/description-list'
import { EmptyState } from '#components/ui/empty-state'
import { Button } from '#components/ui/button'
import { Mono } from '#components/ui/mono'
import { PageHeader } from '#components/ui/page-header'
import { Section } from '#components/ui/section'
import { SkeletonText } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import type { Organization } from '#contract/organizations/organizations'
import { organizationAccessQuery, organizationQuery, useUpdateOrganization } from '#queries/organizations/organizations'
import { NukeRule } from './nuke-rule.tsx'
import { TokenRule } from './token-rule.tsx'
import { Usage } from './usage.tsx'

/** The organization's name, and its rules for tokens and nukes. */
export function OrganizationForm({ org }: { org: string }) {
  const organization = useQuery(organizationQuery(org))
  const access = useQuery(organizationAccessQuery(org))
  const failed = organization.error ? organization : access.error ? access : null
  const off = access.data?.can['organization:update'].reason ?? null
  return (
    <>
      <PageHeader
        title="Settings"
        description="The name, limits and usage of this organization. Its slug is used in URLs and can’t be changed."
      />
      {failed ? (
        <EmptyState
          title={failed.error?.message ?? ''}
          action={<Button onClick={() => void failed.refetch()}>Try again</Button>}
        />
      ) : organization.data && access.data ? (
        <div className="space-y-6">
          <Rename org={org} current={organization.data} off={off} />
          <TokenRule org={org} current={organization.data} off={off} />
          <NukeRule org={org} current={organization.data} off={off} />
          <Usage org={org} />
        </div>
      ) : (
        <SkeletonText label="Loading organization" lines={5} />
      )}
    </>
  )
}

interface RenameProps {
  org: string
  current: Organization
  /** Why it cannot be renamed. */
  off: string | null
}

const resolver = lazyResolver(() => import('./organization-shapes.ts').then(({ Named }) => Named))

function Rename({ org, current, off }: RenameProps) {
  const rename = useUpdateOrganization(org)
  const form = useForm({ resolver, defaultValues: { name: current.name } })
  const { isDirty } = form.formState
  return (
    <Section title="Organization">
      <DescriptionList
        items={[
          { label: 'Slug', value: <Mono copy="slug">{current.slug}</Mono> },
          { label: 'Id', value: <Mono copy="id">{current.id}</Mono> },
          { label: 'Created', value: <Time value={current.createdAt} /> },
        ]}
      />
      <Form
        form={form}
        className="mt-4 space-y-4 border-t border-line pt-4"
        onSubmit={(body) => rename.mutate(body, { onSuccess: ({ name }) => form.reset({ name }) })}
        error={rename.error}
        pending={rename.isPending}
        submitLabel="Save changes"
        submitDisabledReason={off ?? (isDirty ? null : 'Nothing has changed')}
        aside={<output>{isDirty ? 'Unsaved changes' : rename.isSuccess ? 'Saved' : (off ?? '')}</output>}
      >
        <TextField control={form.control} name="name" label="Name" readOnly={off !== null} />
      </Form>
    </Section>
  )
}
