'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useForm, useWatch } from 'react-hook-form'
import { z } from 'zod'
import { CheckboxField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Link } from '#components/ui/link'
import { Section } from '#components/ui/section'
import { type Organization, UpdateOrganization } from '#contract/organizations/organizations'
import { paths } from '#contract/paths'
import { tokenLifetimesQuery, useUpdateOrganization } from '#queries/organizations/organizations'

const days = UpdateOrganization.shape.maxTokenLifetimeDays.unwrap()

/** An empty field removes the limit. */
const Typed = z.object({
  maxTokenLifetimeDays: z
    .string()
    .trim()
    .transform((text) => (text === '' ? null : Number(text)))
    .pipe(days),
  shortenTokens: z.boolean(),
})

const typedOf = ({ maxTokenLifetimeDays }: Organization): z.input<typeof Typed> => ({
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
  const form = useForm({ resolver: zodResolver(Typed), defaultValues: typedOf(current) })
  const { isDirty } = form.formState
  const typed = useWatch({ control: form.control, name: 'maxTokenLifetimeDays' })
  const wanted = Typed.shape.maxTokenLifetimeDays.safeParse(typed).data ?? null
  const long = useQuery({ ...tokenLifetimesQuery(org, wanted ?? 1), enabled: off === null && wanted !== null })
  const count = wanted === null || !long.data ? 0 : long.data.projectTokens + long.data.personalTokens
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
