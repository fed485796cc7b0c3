import type { EntityType } from '#contract/catalog/entity-types'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import type { ErrorDetail } from '../errors.ts'
import { relationshipTypeProblems } from './relationship-types.ts'

type TypeView = Pick<EntityType, 'name' | 'properties' | 'metrics'>
/** `property` is the one that the cell derives from. */
type CellView = { name: string; property: string | null | undefined; constraints: { metric: string }[] }

/** What a new version of a type would break: its cells, or relationship types that it is an end of. */
export function dependentProblem(
  type: TypeView,
  cells: CellView[],
  relationshipTypes: Omit<RelationshipType, 'createdAt' | 'updatedAt'>[],
  typeNamed: (name: string) => TypeView,
): ErrorDetail | undefined {
  for (const { name, property, constraints } of cells) {
    if (property && !type.properties.some((one) => one.name === property)) {
      return { path: 'properties', message: `must keep ${property}, because the members of the cell ${name} are derived from it` }
    }
    const limited = constraints.find((constraint) => !type.metrics.some((one) => one.name === constraint.metric))
    if (limited) return { path: 'metrics', message: `must keep ${limited.metric}, because the cell ${name} limits it` }
  }
  const end = (name: string) => (name === type.name ? type : typeNamed(name))
  for (const joins of relationshipTypes) {
    if (joins.from !== type.name && joins.to !== type.name) continue
    const [wrong] = relationshipTypeProblems(joins, end(joins.from), end(joins.to))
    if (!wrong) continue
    return {
      path: 'properties',
      message: `must keep what the relationship type ${joins.name} uses: there, ${wrong.path} ${wrong.message}`,
    }
  }
  return undefined
}
