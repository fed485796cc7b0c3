import type { z } from 'zod'
import { DomainError, type ErrorDetail } from '#domain/errors'

export const invalid = (sentence: string, details?: ErrorDetail[]) => new DomainError('invalid_request', sentence, details)

/** Throws the problems that a shape found, field by field, as one sentence and a list. */
export function refuse(error: z.ZodError, where: 'body' | 'query'): never {
  const details = error.issues.flatMap((issue): ErrorDetail[] => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }))
    return [{ path: path.join('.'), message: issue.message }]
  })
  throw unfit(details, where)
}

export function unfit(details: ErrorDetail[], where: 'body' | 'query'): DomainError {
  const [first] = details
  const what = first ? `${first.path || `the ${where}`}: ${first.message}` : `the ${where} is not valid`
  return invalid(`The request is not valid. ${what}`, details)
}
