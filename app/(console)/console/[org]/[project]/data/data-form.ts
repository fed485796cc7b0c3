import { z } from 'zod'
import type { FormError } from '#components/form/form'
import type { PropertyValue } from '#contract/data/entities'
import type { Property } from '#contract/catalog/entity-types'

type Properties = Record<string, PropertyValue>
type Labels = Record<string, string>

/** What the forms of entities and relationships hold: all of it text, which the server judges by the type. */
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

/** A form uses what it needs of it. */
export const blank: DataForm = { type: '', name: '', from: null, to: null, state: '', propertyRows: [], labelRows: [] }

/** A row for each property of the type, filled with what is given or, in a new one, the default. */
export const propertyRowsOf = (declared: readonly Property[], given?: Properties) =>
  declared.map((property) => ({
    name: property.name,
    text: String((given ? given[property.name] : property.default) ?? ''),
  }))

/** A row for each label. */
export const labelRowsOf = (labels: Labels) => Object.entries(labels).map(([key, value]) => ({ key, value }))

/** What is no number stays the text that it is, and the server says so at its field. */
function valueOf({ type }: Property, text: string): PropertyValue | undefined {
  if (text === '') return undefined
  if (type === 'boolean') return text === 'true'
  if (type === 'string') return text
  const number = Number(text)
  return text.trim() === '' || Number.isNaN(number) ? text : number
}

/** What the rows say, as the API takes it; an empty one says nothing. */
export function propertiesOf(declared: readonly Property[], rows: DataForm['propertyRows']): Properties {
  const given = rows.map(({ name, text }) => {
    const property = declared.find((one) => one.name === name)
    return [name, property && valueOf(property, text)] as const
  })
  return Object.fromEntries(given.filter((entry): entry is [string, PropertyValue] => entry[1] !== undefined))
}

/** A row without a key is one that nobody filled in. */
export const labelsOf = (rows: DataForm['labelRows']): Labels =>
  Object.fromEntries(rows.filter(({ key }) => key.trim() !== '').map(({ key, value }) => [key.trim(), value]))

/** What one changed between `opened` and `mine`, done to what it is by now; undefined when one changed nothing. */
export function merged<Value>(
  opened: Record<string, Value>,
  mine: Record<string, Value>,
  now: Record<string, Value>,
): Record<string, Value> | undefined {
  const changed = [...new Set([...Object.keys(opened), ...Object.keys(mine)])].filter((name) => opened[name] !== mine[name])
  if (changed.length === 0) return undefined
  const kept = Object.entries(now).filter(([name]) => !changed.includes(name))
  const own = Object.entries(mine).filter(([name]) => changed.includes(name))
  return Object.fromEntries([...kept, ...own])
}

/** The API's words for a field, as the form's: `properties.zone` is the text of the row that `zone` has here. */
export function atFields(error: FormError | null, rows: DataForm['propertyRows']): FormError | null {
  if (!error?.details) return error
  const details = error.details.map((detail) => {
    const index = rows.findIndex(({ name }) => detail.path === `properties.${name}`)
    if (index >= 0) return { ...detail, path: `propertyRows.${index}.text` }
    return /^(entityType|relationshipType)$/.test(detail.path) ? { ...detail, path: 'type' } : detail
  })
  return { message: error.message, ...(error.code !== undefined && { code: error.code }), details }
}
