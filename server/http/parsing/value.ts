import { documentsFromYaml } from '../formats/yaml.ts'
import { assertModest } from './limits.ts'
import { assertPlain } from './plain.ts'
import { invalid } from './refusal.ts'

export type Format = 'json' | 'yaml'

/** Parses the bytes of a body into plain data. */
export function toValue(bytes: Uint8Array, format: Format): unknown {
  const value = format === 'yaml' ? documentsFromYaml(toText(bytes)) : fromJson(bytes)
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
  assertModest(bytes)
  const text = toText(bytes)
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The body must be valid JSON in UTF-8')
  }
}
