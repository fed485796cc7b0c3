import type { AccessRule, Explained, ExplainedAction } from '#contract/review/access'
import { operations } from '#contract/operations'
import type { ProjectAction } from '#contract/access/permissions'
import type { Grant, Verb, Viewing } from '../context.ts'
import { type Refusal, allowance, refusal, verbOf, verbRefusal, viewingRefusal } from './permissions.ts'

/** A refusal, or the lack of one, as it is told. What refuses a call is asked here too, so that the two cannot differ. */
export const explained = (why: Refusal | undefined, allowed: { rule: AccessRule; sentence: string }): Explained =>
  why
    ? { allowed: false, reason: why.sentence, rule: why.rule, code: why.code, sentence: why.sentence }
    : { allowed: true, reason: null, rule: allowed.rule, code: null, sentence: allowed.sentence }

const operationsOf = Map.groupBy(operations, ({ permission, ofOthers }) => (ofOthers ?? permission) as string)

/** The verbs that an action's operations need. */
function verbsOf(action: ProjectAction): Verb[] {
  // It has no operation of its own: it is what managing a member asks for when he is an owner.
  if (action === 'owners:manage') return verbsOf('members:manage')
  return [...new Set(operationsOf.get(action)?.map(({ method }) => verbOf[method]))]
}

/** Somebody's access to a project: what he has there, or why he has nothing. */
export type Standing = { projectId: string; viewing?: Viewing | undefined } & (
  | { grant: Grant }
  | { grant: undefined; none: Refusal }
)

/** An action needs every verb that its operations need: who has but some of them is told so, and never meets a refusal. */
export function explainAction(standing: Standing, action: ProjectAction): ExplainedAction {
  const { grant, viewing, projectId } = standing
  if (!grant) return { ...explained(standing.none, { rule: 'no_access', sentence: '' }), verbs: [] }
  const verbs = verbsOf(action)
  const withheld = new Map(
    verbs.map((verb) => [verb, verbRefusal(grant, verb) ?? viewingRefusal(viewing, verb, projectId)] as const),
  )
  const byRole = refusal(grant, action)
  const why = byRole ?? verbs.map((verb) => withheld.get(verb)).find((one) => one !== undefined)
  return { ...explained(why, allowance(grant, action)), verbs: byRole ? [] : verbs.filter((verb) => !withheld.get(verb)) }
}
