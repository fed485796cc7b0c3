import { z } from 'zod'
import type { FormError } from '#components/form/form'
import type { PropertyValue } from '#contract/data/entities'
import { typedNumber } from '#contract/exact-number'
import type { Property } from '#contract/catalog/entity-types'

type Properties = Record<string, PropertyValue>
type Labels = Record<string, string>

/** The values of the entity and relationship forms: all text, which the server checks against the type. */
export const DataForm = z.object({
  type: z.string(),
  name: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  state: z.string(),
  propertyRows: z.object({ name: z.string(), text: z.string() }).array(),
  labelRows: z.object({ key: z.string(), value: z.string() }).array(),
})
export type DataForm = z.infer<typeof DataForm>

/** Each form uses the fields that it needs. */
export const blank: DataForm = { type: '', name: '', from: null, to: null, state: '', propertyRows: [], labelRows: [] }

/** A row for each property of the type, with its given value or, for a new entity, the default. */
export const propertyRowsOf = (declared: readonly Property[], given?: Properties) =>
  declared.map((property) => ({
    name: property.name,
    text: String((given ? given[property.name] : property.default) ?? ''),
  }))

/** A row for each label. */
export const labelRowsOf = (labels: Labels) => Object.entries(labels).map(([key, value]) => ({ key, value }))

/** A number that is invalid or would be rounded stays text, so that the server reports it at its field. */
function valueOf({ type }: Property, text: string): PropertyValue | undefined {
  if (text === '') return undefined
  if (type === 'boolean') return text === 'true'
  if (type === 'string') return text
  return typedNumber(text) ?? text
}

/** The rows as the API's properties; empty rows are left out. */
export function propertiesOf(declared: readonly Property[], rows: DataForm['propertyRows']): Properties {
  const given = rows.map(({ name, text }) => {
    const property = declared.find((one) => one.name === name)
    return [name, property && valueOf(property, text)] as const
  })
  return Object.fromEntries(given.filter((entry): entry is [string, PropertyValue] => entry[1] !== undefined))
}

/** Rows without a key are empty and left out. */
export const labelsOf = (rows: DataForm['labelRows']): Labels =>
  Object.fromEntries(rows.filter(({ key }) => key.trim() !== '').map(({ key, value }) => [key.trim(), value]))

/** Applies the user's changes between `opened` and `mine` to the current value; undefined when there are none. */
export function merged<Value>(
  opened: Record<string, Value>,
  mine: Record<string, Value>,
  now: Record<string, Value>,
): Record<string, Value> | undefined {
  const changed = [...new Set([...Object.keys(opened), ...Object.keys(mine)])].filter((name) => opened[name] !== mine[name])
  if (changed.length === 0) return undefined
  const unchanged = Object.entries(now).filter(([name]) => !changed.includes(name))
  const own = Object.entries(mine).filter(([name]) => changed.includes(name))
  return Object.fromEntries([...unchanged, ...own])
}

/** Maps the API's field paths to the form's: `properties.zone` becomes the row of `zone`. */
export function atFields(error: FormError | null, rows: DataForm['propertyRows']): FormError | null {
  if (!error?.details) return error
  const details = error.details.map((detail) => {
    const index = rows.findIndex(({ name }) => detail.path === `properties.${name}`)
    if (index >= 0) return { ...detail, path: `propertyRows.${index}.text` }
    return /^(entityType|relationshipType)$/.test(detail.path) ? { ...detail, path: 'type' } : detail
  })
  return { message: error.message, ...(error.code !== undefined && { code: error.code }), details }
}
