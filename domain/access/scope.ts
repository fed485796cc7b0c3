import type { Grant, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'

/** Whether the actor's environment, if they are limited to one, is this one. */
export const admitsEnvironment = (grant: Pick<Grant, 'envId'>, envId: string) => grant.envId === null || grant.envId === envId

/** Whether one of the entity's effective cells is in the scope. An entity in no cell is in no list. */
export const admitsCells = (cellScopes: string[] | null, effectiveCells: string[]) =>
  cellScopes === null || effectiveCells.some((cell) => cellScopes.includes(cell))

/** A write to another environment answers 403; a read of it answers 404. */
export function assertWritesEnvironment(context: ProjectContext, envId: string): void {
  if (!admitsEnvironment(context.grant, envId)) {
    throw new DomainError('out_of_scope', 'Your access does not include this environment')
  }
}

/** A write must neither touch nor produce an entity outside the actor's cells. */
export function assertWritesCells(context: ProjectContext, effectiveCells: string[]): void {
  if (!admitsCells(context.grant.cellScopes, effectiveCells)) {
    throw new DomainError('out_of_scope', 'Your access does not include the cells of this entity')
  }
}
