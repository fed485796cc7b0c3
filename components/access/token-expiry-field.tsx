'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { DateTimeField } from '#components/form/date-time-field'
import type { FieldOf } from '../form/field-of.ts'

const DAY = 86_400_000
/** A clock may be a little ahead of the server's. */
const LEEWAY = 300_000

/** The latest end that a token of this age may have; null where it may live for ever. */
export const latestExpiry = (maxDays: number | null | undefined, createdAt: number = Date.now()): string | null =>
  maxDays == null ? null : new Date(createdAt + maxDays * DAY - LEEWAY).toISOString()

interface TokenExpiryProps {
  /** How many days the organisation lets tokens live; null = as long as they like. */
  maxDays: number | null | undefined
  /** Of a token that is there already: its life counts from then. */
  createdAt?: string
  presets: readonly number[]
}

/** When a token ends: at will, or within what the organisation allows. */
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
      hint={`At most ${maxDays === 1 ? '1 day' : `${maxDays} days`} from its creation: a rule of the organisation.`}
      presets={createdAt === undefined ? presets.filter((days) => days < maxDays) : []}
      latest={latest}
    />
  )
}
