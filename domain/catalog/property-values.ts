import type { PropertyValue } from '#contract/data/entities'
import type { Property } from '#contract/catalog/entity-types'
import { bytesOf, dataLimits } from '#contract/limits/limits'
import { composed } from '#contract/text'
import type { ErrorDetail } from '../errors.ts'
import { storedForm } from '../stored-names.ts'

/** What is wrong with a property's value; undefined when nothing is. */
export function problemWith(property: Pick<Property, 'type' | 'enum'>, value: PropertyValue): string | undefined {
  if (property.type === 'integer') return Number.isSafeInteger(value) ? undefined : 'must be a whole number'
  if (typeof value !== property.type) return property.type === 'boolean' ? 'must be true or false' : `must be a ${property.type}`
  if (property.enum && !property.enum.includes(storedForm(property.enum, value as string)))
    return `must be one of ${property.enum.join(', ')}`
  return undefined
}

/** The values with their defaults, and everything wrong with them: unknown names, wrong types, missing required properties. */
export function checkProperties(
  declared: Property[],
  given: Record<string, PropertyValue>,
): { values: Record<string, PropertyValue>; problems: ErrorDetail[] } {
  const values = new Map<string, PropertyValue>()
  const problems: ErrorDetail[] = []
  const known = new Set(declared.map((property) => property.name))
  const byComposed = new Map(declared.map((property) => [composed(property.name), property.name]))
  for (const [name, value] of Object.entries(given)) {
    const stored = known.has(name) ? name : (byComposed.get(composed(name)) ?? name)
    if (values.has(stored)) problems.push({ path: `properties.${stored}`, message: 'must be given only once' })
    values.set(stored, value)
  }
  for (const property of declared) {
    const value = values.get(property.name) ?? property.default
    const path = `properties.${property.name}`
    if (value === undefined) {
      if (property.required) problems.push({ path, message: 'is required' })
      continue
    }
    values.set(property.name, value)
    const wrong = problemWith(property, value)
    if (wrong) problems.push({ path, message: wrong })
  }
  for (const name of values.keys()) {
    if (!known.has(name)) problems.push({ path: `properties.${name}`, message: 'is not a property of this entity type' })
  }
  const all = Object.fromEntries(values)
  if (bytesOf(all) > dataLimits.propertiesBytes)
    problems.push({ path: 'properties', message: `must be at most ${dataLimits.propertiesBytes / 1024} KiB of JSON together` })
  return { values: all, problems }
}

type Typed = Pick<Property, 'name' | 'type'>

/**
 * The properties whose values a new version of the type invalidates, because it drops them or changes their type (every integer
 * is a number).
 */
export const lostProperties = (before: Typed[], after: Typed[]): string[] =>
  before
    .filter(({ name, type }) => {
      const next = after.find((property) => property.name === name)
      return next?.type !== type && !(type === 'integer' && next?.type === 'number')
    })
    .map((property) => property.name)

/** What happens to a lost property, for the sentence of a refusal. */
export const lossOf = (name: string, after: Typed[]) =>
  after.some((property) => property.name === name) ? `must not change the type of ${name}` : `must keep ${name}`

export function duplicates(names: string[], path: string): ErrorDetail[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) => ({
    path,
    message: `must not contain ${name} twice`,
  }))
}

function propertyProblems(property: Property, i: number): ErrorDetail[] {
  const problems: ErrorDetail[] = []
  if (property.enum && property.type !== 'string')
    problems.push({ path: `properties.${i}.enum`, message: 'is only for properties of the type string' })
  const wrong = property.default === undefined ? undefined : problemWith(property, property.default)
  if (wrong) problems.push({ path: `properties.${i}.default`, message: wrong })
  return problems
}

/** What is wrong with the states and properties of a type of either kind. */
export const typeProblems = ({ states, properties }: { states: string[]; properties: Property[] }): ErrorDetail[] => [
  ...duplicates(states, 'states'),
  ...duplicates(
    properties.map((property) => property.name),
    'properties',
  ),
  ...properties.flatMap(propertyProblems),
]

/** What a new version of a type must keep because rows of these use it. */
export const usedProblems = (
  rows: 'entities' | 'relationships',
  used: { states: string[]; properties: string[] },
  after: Typed[],
): ErrorDetail[] => [
  ...used.states.map((state) => ({ path: 'states', message: `must keep ${state}, because ${rows} are in this state` })),
  ...used.properties.map((property) => ({
    path: 'properties',
    message: `${lossOf(property, after)}, because ${rows} have values for it`,
  })),
]
