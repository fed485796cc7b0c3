import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { newId } from '#domain/ids'
import type { Cast, Stage } from '#test/support/world/cast'
import type { Client, Who } from '#test/support/http/client'
import { type Example, examplesOf, nameOf, requestOf, sentBy } from '#test/support/http/examples'
import { browser } from '#test/support/http/session'
import { v1ExamplesOf } from '#test/support/v1/examples'

type Sent = ReturnType<typeof sentBy>
type Request = { line: string; sent: Sent }
/** The same request twice: with ids that belong to others, and with ids that do not exist. */
export type Case = { name: string; who: Who; foreign: Request; unknown: Request; unmasked: (text: string) => string }

const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g

/** Replaces every id of a request with an unknown one, and maps it back where an answer repeats it. */
function masked({ line, sent }: Request, known: Map<string, string>) {
  const replaced = new Map<string, string>()
  const mask = (text: string) => {
    let out = text
    for (const [slug, other] of known) out = out.replaceAll(slug, other)
    return out.replaceAll(uuid, (id) => replaced.get(id) ?? (replaced.set(id, newId()), replaced.get(id)!))
  }
  const unknown: Request = { line: mask(line), sent: JSON.parse(mask(JSON.stringify(sent))) as Sent }
  const unmasked = (text: string) => {
    let out = text
    for (const [id, other] of replaced) out = out.replaceAll(other, id)
    for (const [slug, other] of known) out = out.replaceAll(other, slug)
    return out
  }
  return { unknown, unmasked }
}

/**
 * Every operation of both APIs that takes an id, called by a stranger on the whole path, by a stranger in their own project with
 * ids from elsewhere, and by a member of the same organization outside the project.
 */
export async function foreignCases(send: Client, cast: Cast, theirs: Stage, mine: Stage): Promise<Case[]> {
  const { people, stranger, world } = cast
  const examples = await examplesOf(send, cast, theirs)
  const inV1 = await v1ExamplesOf(send, cast, await cast.project(`${theirs.slug}-v1`))
  const session = await browser(stranger.credentialId)
  const cases: Case[] = []
  const add = (name: string, who: Who, request: string, example: Example, known?: Map<string, string>) => {
    const foreign = { line: requestOf(request, example.params), sent: sentBy(example) }
    const { unknown, unmasked } = masked(foreign, known ?? new Map())
    if (JSON.stringify(unknown) !== JSON.stringify(foreign)) cases.push({ name, who, foreign, unknown, unmasked })
  }
  const slugs = new Map([
    [theirs.slug, `${theirs.slug.slice(0, -1)}x`],
    ['acme', 'acmx'],
  ])
  const own = { o: 'other', orgId: 'other', p: mine.slug, projectId: mine.slug }
  const byId = { o: world.org.id, orgId: world.org.id, p: theirs.id, projectId: theirs.id }
  for (const operation of operations) {
    const { permission, status } = operation
    if (permission === 'public' || permission === 'anybody' || permission === 'authenticated' || status === 303) continue
    const name = nameOf(operation)
    const example = examples[name]!
    const isSession = typeof example.as === 'object' || permission === 'session'
    const who = isSession ? session : stranger.token
    const isInOrg = /\{(o|orgId)\}/.test(name)
    const isInProject = /\{(p|projectId)\}/.test(name)
    add(`${name} by the ids of another organization`, who, name, { ...example, params: { ...example.params, ...byId } })
    if (isInOrg) add(`${name} by the slugs of another organization`, who, name, example, slugs)
    if (isInOrg) add(`${name} with ids from elsewhere`, who, name, { ...example, params: { ...example.params, ...own } })
    if (isInProject && !isSession)
      add(`${name} in a project of colleagues`, people.newcomer.token, name, {
        ...example,
        params: { ...example.params, p: theirs.id, projectId: theirs.id, o: 'acme', orgId: 'acme' },
      })
  }
  for (const { method, path } of v1Operations) {
    const name = nameOf({ method, path })
    const { params, body } = inV1[name]!
    for (const [whose, who] of [
      ['a person of another organization', stranger.token],
      ['a token of another project', { 'x-project-token': mine.tokens.owner }],
      ['a colleague', people.newcomer.token],
    ] as const)
      add(`${name} by ${whose}`, who, name, { as: who, params, ...(body && { body }) })
  }
  return cases.filter(({ foreign }) => !foreign.line.includes('{'))
}
