import { writeFile } from 'node:fs/promises'
import { BulkheadError, type Client, createClient } from '../../sdk/src/client.ts'

/** The recipes of sdk/README.md, which a test compares with it and runs. `acme` has a project `web` with a cell `eu`. */
export const recipes: Record<
  string,
  (given: { url: string; token: string; bulkhead: Client; file: string; userId: string }) => Promise<unknown>
> = {
  'Who am I?': async ({ url, token }) => {
    const bulkhead = createClient({ url, token })
    const me = await bulkhead.call('me.get')
    return me
  },

  'Every member of a project': async ({ bulkhead }) => {
    const names: string[] = []
    for await (const member of bulkhead.each('members.list', { path: { orgId: 'acme', projectId: 'web' } })) {
      names.push(`${member.name}: ${member.role}`)
    }
    return names
  },

  'Add somebody who sees one cell': async ({ bulkhead, userId }) => {
    const member = await bulkhead.call('members.add', {
      path: { orgId: 'acme', projectId: 'web' },
      body: { userId, role: 'member', cellScopes: ['eu'] },
    })
    return member.cellScopes
  },

  'Change a role, unless somebody else was faster': async ({ bulkhead, userId }) => {
    const path = { orgId: 'acme', projectId: 'web', userId }
    const { value: member, etag } = await bulkhead.tagged('members.get', { path })
    if (member.role !== 'viewer') {
      await bulkhead.call('members.update', { path, body: { role: 'viewer' } }, { ifMatch: etag! })
    }
    return bulkhead.call('members.get', { path })
  },

  'A token for CI that expires': async ({ bulkhead }) => {
    const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString()
    const { token, tokenPrefix } = await bulkhead.call('tokens.create', {
      path: { o: 'acme', p: 'web' },
      body: { name: 'ci', role: 'viewer', expiresAt },
    })
    // `token` is shown this once.
    return token.startsWith(tokenPrefix)
  },

  'Tell refusals apart': async ({ bulkhead }) => {
    const create = (slug: string) => bulkhead.call('projects.create', { path: { orgId: 'acme' }, body: { name: 'Web', slug } })
    return create('web').catch((error: unknown) => {
      if (error instanceof BulkheadError && error.is('slug_taken')) return create('web-2')
      throw error
    })
  },

  'Apply a catalog, and see first what would change': async ({ bulkhead }) => {
    const path = { o: 'acme', p: 'web', envName: 'default' }
    const items = [{ kind: 'EntityType', name: 'server', states: ['up'], initialState: 'up', properties: [] }]
    const { diff } = await bulkhead.call('catalog.apply', { path, body: { items, dryRun: true } })
    if (diff.deleted.length === 0) await bulkhead.call('catalog.apply', { path, body: { items } })
    return diff.created
  },

  'Save an export': async ({ bulkhead, file }) => {
    const lines: string[] = []
    for await (const line of bulkhead.lines('transfer.export', { path: { o: 'acme', p: 'web' } })) {
      lines.push(JSON.stringify(line))
    }
    await writeFile(file, `${lines.join('\n')}\n`)
    return lines.length
  },

  'Nuke a project, and undo it': async ({ bulkhead }) => {
    const path = { o: 'acme', p: 'web' }
    const { rowCounts } = await bulkhead.call('nuke.preview', { path })
    const { wipeId } = await bulkhead.call('nuke.nuke', { path, body: { confirm: 'web', reason: 'The load test is over' } })
    if (rowCounts['cells'] !== 0) {
      await bulkhead.call('nuke.restoreWipe', { path: { orgId: 'acme', projectId: 'web', wipeId: wipeId! } })
    }
    return rowCounts
  },

  'Wait less, and stop from outside': async ({ url, token }) => {
    const hurried = createClient({ url, token, timeout: 2_000, retries: 0 })
    const leaving = new AbortController()
    const projects = await hurried.call('projects.list', { path: { orgId: 'acme' } }, { signal: leaving.signal })
    return projects.length
  },
}
