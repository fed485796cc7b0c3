'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { DateTimeField } from '#components/form/date-time-field'
import type { FieldOf } from '../form/field-of.ts'

const DAY = 86_400_000
/** Milliseconds by which the browser's clock may be ahead of the server's. */
const LEEWAY = 300_000

/** The latest expiry for a token created at `createdAt`; null when tokens need no expiry. */
export const latestExpiry = (maxDays: number | null | undefined, createdAt: number = Date.now()): string | null =>
  maxDays == null ? null : new Date(createdAt + maxDays * DAY - LEEWAY).toISOString()

interface TokenExpiryProps {
  /** How many days the organization lets tokens live; null for no limit. */
  maxDays: number | null | undefined
  /** When an existing token was created: its lifetime counts from then. */
  createdAt?: string
  presets: readonly number[]
}

/** When a token expires: at any time, or within the organization's limit. */
export function TokenExpiryField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  maxDays,
  createdAt,
  presets,
  ...props
}: Omit<FieldOf<Values, Name, Output>, 'label' | 'hint' | 'optional'> & TokenExpiryProps) {
  if (maxDays == null) return <DateTimeField {...props} label="Expires" optional presets={presets} emptyLabel="Never" />
  const latest = latestExpiry(maxDays, createdAt === undefined ? undefined : Date.parse(createdAt))!
  return (
    <DateTimeField
      {...props}
      label="Expires"
      hint={`At most ${maxDays === 1 ? '1 day' : `${maxDays} days`} after its creation, as set by your organization.`}
      presets={createdAt === undefined ? presets.filter((days) => days < maxDays) : []}
      latest={latest}
    />
  )
}
