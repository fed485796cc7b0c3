import { z } from 'zod'
import { jsonProblem, jsonProblemInWords } from './json-problem.ts'

/** Schema for an editor's text that must be a JSON object. */
export const jsonObjectText = z.string().transform((text, context): Record<string, unknown> => {
  const problem = jsonProblem(text)
  const value: unknown = problem ? null : JSON.parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  context.addIssue({ code: 'custom', message: problem ? jsonProblemInWords(problem) : 'Enter a JSON object: { … }' })
  return z.NEVER
})

/** The same, with null for an empty editor. */
export const optionalJsonObjectText = z
  .string()
  .transform((text) => (text.trim() === '' ? null : text))
  .pipe(jsonObjectText.nullable())
