import { z } from 'zod'
import { setting } from '#config/environment'
import { type Checkpoint, type VerifiedChain, verifyAudit } from '#domain/audit/verification'
import { StartError } from '#config/start-error'
import { command } from './command.ts'
import { getOrganization } from './find.ts'
import { orgOption } from './options.ts'
import { UsageError } from './usage-error.ts'

/** The chain of events that belong to no organization. */
const NONE = '-'
/** Events between two progress messages. */
const STRETCH = 100_000

const Expected = z
  .string()
  .regex(/^[1-9]\d{0,15}:[0-9a-f]{64}$/i, 'must be SEQ:HASH, as printed by an earlier run')
  .transform((text): Checkpoint => {
    const [seq, hash] = text.toLowerCase().split(':') as [string, string]
    return { seq: Number(seq), hash }
  })

const counted = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`

function summary({ head, unsealed, found }: VerifiedChain): string {
  const sealed = head ? `${counted(head.seq, 'event')} sealed` : 'no event sealed'
  const rest = unsealed.count > 0 ? `, ${unsealed.count.toLocaleString('en-US')} not sealed since ${unsealed.since}` : ''
  return `${found === 0 ? 'intact' : counted(found, 'mismatch', 'mismatches')}; ${sealed}${rest}`
}

export const auditVerify = command({
  name: 'audit verify',
  summary: 'Verify the chain of the audit log and report every mismatch',
  notes: `Recomputes the hash of every event. Prints the last event of each chain as ORG SEQ:HASH. Keep that line in another place and pass it to
--expect later, to verify that no event up to it was removed. Requires the server’s BULKHEAD_SECRET. Exits with code 1 when it finds a mismatch.`,
  options: {
    org: {
      ...orgOption,
      about: `Only this organization, by slug or id; ${NONE} for events outside any organization.`,
      shape: z.string().optional(),
    },
    expect: {
      value: 'SEQ:HASH',
      about: 'The last event as printed by an earlier run. Requires --org.',
      shape: Expected.optional(),
    },
  },
  prepare({ org, expect }) {
    if (expect && !org) throw new UsageError('--expect requires --org')
    return async (db, { print, say }) => {
      if (!setting('BULKHEAD_SECRET'))
        throw new StartError('Set BULKHEAD_SECRET to the server’s secret: the audit log is sealed with a key derived from it.')
      const only = org === undefined ? undefined : { id: org === NONE ? null : (await getOrganization(db, org)).id }
      const onPage = (slug: string | null, seq: number, of: number) => {
        if (seq % STRETCH === 0) say(`${slug ?? NONE}: ${counted(seq, 'event')} of ${of.toLocaleString('en-US')}`)
      }
      let wrong = 0
      for await (const chain of verifyAudit(db, { org: only, expect, onPage })) {
        const name = chain.slug ?? NONE
        if (!chain.head && chain.found + chain.unsealed.count === 0) continue
        say(`${name}: ${summary(chain)}`)
        for (const { seq, eventId, what } of chain.findings)
          say(`  ${[seq === null ? '' : `#${seq}`, eventId, what].filter(Boolean).join(' ')}`)
        if (chain.found > chain.findings.length) say(`  and ${chain.found - chain.findings.length} more`)
        if (chain.head) print(`${name} ${chain.head.seq}:${chain.head.hash}`)
        wrong += chain.found
      }
      if (wrong > 0) throw new StartError(wrong === 1 ? 'Found 1 mismatch.' : `Found ${wrong} mismatches.`)
    }
  },
})
