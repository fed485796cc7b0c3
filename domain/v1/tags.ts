import { Tag } from '#contract/v1/registered'
import { DomainError } from '../errors.ts'

/** `one AND two OR three`: all tags of any of the groups; undefined for an empty query. */
export function tagsQueryOf(text: string | undefined): string[][] | undefined {
  if (!text?.trim()) return undefined
  return text
    .trim()
    .split(/\s+OR\s+/)
    .map((group) => group.split(/\s+AND\s+/).map(tagOf))
}

function tagOf(text: string): string {
  const tag = Tag.safeParse(text)
  if (!tag.success) throw new DomainError('invalid_request', 'invalid tag')
  return tag.data
}
