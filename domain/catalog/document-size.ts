import { bytesOf, dataLimits, tooLargeMessage } from '#contract/limits/limits'
import type { ErrorDetail } from '../errors.ts'

/** The problem of a catalog document that exceeds the size limit. */
export const sizeProblems = (document: unknown): ErrorDetail[] =>
  bytesOf(document) > dataLimits.documentBytes ? [{ path: 'document', message: tooLargeMessage(dataLimits.documentBytes) }] : []
