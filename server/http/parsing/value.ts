import { documentsFromYaml } from '../formats/yaml.ts'
import { assertSaid, surveyJson } from './json-survey.ts'
import { assertPlain } from './plain.ts'
import { invalid } from './refusal.ts'

export type Format = 'json' | 'yaml'

/** Parses the bytes of a body into plain data. */
export function toValue(bytes: Uint8Array, format: Format): unknown {
  if (format === 'json') return fromJson(bytes)
  const value = documentsFromYaml(toText(bytes))
  assertPlain(value)
  return value
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw invalid('The body must be valid UTF-8')
  }
}

function fromJson(bytes: Uint8Array): unknown {
  const survey = surveyJson(bytes)
  const text = toText(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('The body must be valid JSON in UTF-8')
  }
  assertSaid(bytes, survey, assertPlain(value))
  return value
}
