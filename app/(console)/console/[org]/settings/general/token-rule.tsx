'use client'

import { useQuery } from '@tanstack/react-query'
import { useForm, useWatch } from 'react-hook-form'
import { CheckboxField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { lazyResolver } from '#components/form/lazy-resolver'
import { TextField } from '#components/form/text-field'
import { Link } from '#components/ui/link'
import { Section } from '#components/ui/section'
import type { Organization } from '#contract/organizations/organizations'
import { paths } from '#contract/paths'
import { MOST_TOKEN_DAYS } from '#contract/words'
import { tokenLifetimesQuery, useUpdateOrganization } from '#queries/organizations/organizations'

const resolver = lazyResolver(() => import('./organization-shapes.ts').then(({ TokenRule: Typed }) => Typed))

/** The days that are typed, when a rule could have them. */
function daysIn(text: string): number | null {
  const days = Number(text.trim() || Number.NaN)
  return Number.isInteger(days) && days >= 1 && days <= MOST_TOKEN_DAYS ? days : null
}

const typedOf = ({ maxTokenLifetimeDays }: Organization) => ({
  maxTokenLifetimeDays: maxTokenLifetimeDays === null ? '' : String(maxTokenLifetimeDays),
  shortenTokens: false,
})

interface TokenRuleProps {
  org: string
  current: Organization
  /** Why it cannot be changed. */
  off: string | null
}

/** How long tokens may live, and what happens to those that already live longer. */
export function TokenRule({ org, current, off }: TokenRuleProps) {
  const update = useUpdateOrganization(org)
  const form = useForm({ resolver, defaultValues: typedOf(current) })
  const { isDirty } = form.formState
  const typed = useWatch({ control: form.control, name: 'maxTokenLifetimeDays' })
  const days = daysIn(typed)
  const long = useQuery({ ...tokenLifetimesQuery(org, days ?? 1), enabled: off === null && days !== null })
  const count = days === null || !long.data ? 0 : long.data.projectTokens + long.data.personalTokens
  return (
    <Section
      title="Tokens"
      description="With a maximum lifetime, every new token in this organization expires: project tokens, personal tokens and v1 API tokens. v1 API tokens always get the maximum."
    >
      <Form
        form={form}
        onSubmit={(body) => update.mutate(body, { onSuccess: (saved) => form.reset(typedOf(saved)) })}
        error={update.error}
        pending={update.isPending}
        submitLabel="Save token rule"
        submitDisabledReason={off ?? (isDirty ? null : 'Nothing has changed')}
        aside={<output>{isDirty ? 'Unsaved changes' : update.isSuccess ? 'Saved' : (off ?? '')}</output>}
      >
        <TextField
          control={form.control}
          name="maxTokenLifetimeDays"
          label="Maximum lifetime in days"
          placeholder="Unlimited"
          hint="Counted from the creation of a token. Personal tokens that work in every organization are refused in this one if they are valid for longer."
          inputMode="numeric"
          optional
          readOnly={off !== null}
        />
        {count > 0 && (
          <CheckboxField
            control={form.control}
            name="shortenTokens"
            label={`Also shorten ${count === 1 ? '1 existing token' : `${count.toLocaleString('en')} existing tokens`}`}
            hint={
              <>
                Tokens already older than that expire in seven days, and their owners are notified. If you leave this off,
                existing tokens keep their expiry; the <Link href={paths.organization(org).accessReview}>access review</Link>{' '}
                lists them.
              </>
            }
          />
        )}
      </Form>
    </Section>
  )
}
