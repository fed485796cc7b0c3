import type { z } from 'zod'
import { detailsOf, sentenceOf } from '#contract/issues'
import { DomainError, type ErrorDetail } from '#domain/errors'

export const invalid = (sentence: string, details?: ErrorDetail[]) => new DomainError('invalid_request', sentence, details)

/** Throws the problems that a shape found, field by field: the first as a sentence, and all as a list. */
export function refuse(error: z.ZodError, where: 'body' | 'query'): never {
  throw unfit(detailsOf(error), where)
}

export function unfit(details: ErrorDetail[], where: 'body' | 'query'): DomainError {
  const [first = { path: '', message: 'is not valid' }] = details
  return invalid(sentenceOf(first, `The ${where}`), details)
}
