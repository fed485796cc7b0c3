import type { AccessRule, Explained, ExplainedAction } from '#contract/review/access'
import { operations } from '#contract/operations'
import type { ProjectAction } from '#contract/access/permissions'
import type { Grant, Verb, Viewing } from '../context.ts'
import { type Refusal, allowance, browserRefusal, refusal, verbOf, verbRefusal, viewingRefusal } from './permissions.ts'

/**
 * A refusal, or the rule that allows. It asks the same predicates that refuse calls, so an explanation cannot differ from the
 * outcome.
 */
export const explained = (why: Refusal | undefined, allowed: { rule: AccessRule; sentence: string }): Explained =>
  why
    ? {
        allowed: false,
        reason: why.sentence,
        rule: why.rule,
        code: why.code,
        sentence: why.sentence,
        ground: why.ground ?? why.sentence,
      }
    : { allowed: true, reason: null, rule: allowed.rule, code: null, sentence: allowed.sentence, ground: null }

const operationsOf = Map.groupBy(operations, ({ permission, ofOthers }) => (ofOthers ?? permission) as string)

/** The verbs that an action's operations need. */
function verbsOf(action: ProjectAction): Verb[] {
  // `owners:manage` has no operation of its own: managing a member needs it when the member is an owner.
  if (action === 'owners:manage') return verbsOf('members:manage')
  return [...new Set(operationsOf.get(action)?.map(({ method }) => verbOf[method]))]
}

/** Access to a project: what a person or a token has there, or why they have nothing. */
export type Standing = { projectId: string; inBrowser: boolean; viewing?: Viewing | undefined } & (
  | { grant: Grant }
  | { grant: undefined; none: Refusal }
)

/** An action needs every verb of its operations. A caller with only some of them reads here which one is missing. */
export function explainAction(standing: Standing, action: ProjectAction): ExplainedAction {
  const { grant, inBrowser, viewing, projectId } = standing
  if (!grant) return { ...explained(standing.none, { rule: 'no_access', sentence: '' }), verbs: [] }
  const verbs = verbsOf(action)
  const withheld = new Map(
    verbs.map((verb) => [
      verb,
      verbRefusal(grant, verb) ?? viewingRefusal(viewing, verb, projectId) ?? browserRefusal(inBrowser, action),
    ]),
  )
  const byRole = refusal(grant, action)
  const why = byRole ?? verbs.map((verb) => withheld.get(verb)).find((one) => one !== undefined)
  return { ...explained(why, allowance(grant, action)), verbs: byRole ? [] : verbs.filter((verb) => !withheld.get(verb)) }
}
