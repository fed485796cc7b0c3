import { bytesOf, dataLimits, tooLargeMessage } from '#contract/limits/limits'
import type { ErrorDetail } from '../errors.ts'

/** What is wrong with a document of the catalog that is larger than one may be. */
export const sizeProblems = (document: unknown): ErrorDetail[] =>
  bytesOf(document) > dataLimits.documentBytes
    ? [{ path: 'document', message: `as a whole ${tooLargeMessage(dataLimits.documentBytes)}` }]
    : []
