import { z } from 'zod'
import { ProjectAction } from './access/permissions.ts'
import { type ErrorCode, missing, missingByPath, publicCodeOf, statusOf } from './errors.ts'
import { type Operation, mayRepeat, takesBody } from './operation.ts'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are the codes
const codes = Object.keys(statusOf) as ErrorCode[]

/** The codes that a text names: `409: '`slug_taken`, `quota_reached`'`. One public name may have several statuses. */
const codesIn = (text: string, status: number) =>
  [...text.matchAll(/`([a-z_]+)`/g)].flatMap(([, name]) =>
    codes.filter((code) => publicCodeOf(code) === name && statusOf[code] === status),
  )

const namesEnvironment = ({ query }: Operation) => query instanceof z.ZodObject && 'env' in query.shape

/** What any operation with these properties may answer. */
function common(operation: Operation): ErrorCode[] {
  const { permission, method, path, isCounted, freshSignIn } = operation
  const isOpen = permission === 'public' || permission === 'anybody'
  const inProject = ProjectAction.safeParse(permission).success
  const isWrite = method !== 'GET'
  return [
    'invalid_request',
    ...(permission === 'public'
      ? []
      : (['unauthenticated', 'forbidden', 'viewing_as', 'verb_not_granted', 'token_lives_too_long'] as const)),
    ...(isWrite ? (['cross_site'] as const) : []),
    ...(inProject ? (['scoped_actor', 'out_of_scope'] as const) : []),
    ...(mayRepeat(operation) ? (['idempotency_key_reused', 'answer_not_kept'] as const) : []),
    ...(freshSignIn === undefined ? [] : (['reauthentication_required'] as const)),
    ...(isOpen ? [] : (['overloaded'] as const)),
    ...[...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => missing[name!] ?? []),
    ...Object.entries(missingByPath).flatMap(([part, code]) => (path.includes(part) ? [code] : [])),
    ...(namesEnvironment(operation) ? (['environment_not_found'] as const) : []),
    'not_found',
    ...(takesBody(operation) ? (['body_too_large', 'unsupported_media_type', 'request_timeout'] as const) : []),
    ...(isCounted ? (['rate_limited', 'too_much_at_once'] as const) : []),
    'unavailable',
    'timed_out',
  ]
}

/** The codes of one status of an operation, as they are answered. */
export function codesOf(operation: Operation, status: number): ErrorCode[] {
  const { description = '', errors } = operation
  const own = [...codesIn(errors[status] ?? '', status), ...codesIn(description, status)]
  const all = [...own, ...common(operation).filter((code) => statusOf[code] === status)]
  return [...new Set(all.map(publicCodeOf))].toSorted()
}
