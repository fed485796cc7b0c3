import type { ProjectContext } from '../context.ts'
import { isScoped, verbRefusal } from './permissions.ts'

/** Whether the caller may read everything in the project; only then does a sentence give counts. */
export const seesAll = ({ grant }: Pick<ProjectContext, 'grant'>) => !isScoped(grant) && !verbRefusal(grant, 'read')

/** "3 entities", or only "entities" for a caller who does not see them all. Undefined where there are none. */
export function counted(context: Pick<ProjectContext, 'grant'>, n: number, one: string, many: string): string | undefined {
  if (n === 0) return undefined
  return seesAll(context) ? `${n.toLocaleString('en-US')} ${n === 1 ? one : many}` : many
}
