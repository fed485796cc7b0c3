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
  .regex(/^[1-9]\d{0,15}:[0-9a-f]{64}$/i, 'must be SEQ:HASH, as an earlier run printed it')
  .transform((text): Checkpoint => {
    const [seq, hash] = text.toLowerCase().split(':') as [string, string]
    return { seq: Number(seq), hash }
  })

const counted = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`

function summary({ head, unsealed, found }: VerifiedChain): string {
  const sealed = head ? `${counted(head.seq, 'event')} sealed` : 'nothing sealed'
  const rest = unsealed.count > 0 ? `, ${unsealed.count.toLocaleString('en-US')} not yet, since ${unsealed.since}` : ''
  return `${found === 0 ? 'whole' : counted(found, 'finding')}; ${sealed}${rest}`
}

export const auditVerify = command({
  name: 'audit verify',
  summary: 'Recompute the chain of the audit log and report whatever does not fit',
  notes: `Every event by its number and the hash of the one before it. Prints where each chain ends, ORG SEQ:HASH: kept elsewhere and given back
with --expect, it shows that nothing up to there was taken away. Needs the server’s BULKHEAD_SECRET. Exit code 1 when anything is wrong.`,
  options: {
    org: {
      ...orgOption,
      about: `One organisation, by slug or id; ${NONE} for what happens outside of any.`,
      shape: z.string().optional(),
    },
    expect: { value: 'SEQ:HASH', about: 'An end that an earlier run printed.', shape: Expected.optional() },
  },
  prepare({ org, expect }) {
    if (expect && !org) throw new UsageError('--expect goes with --org')
    return async (db, { print, say }) => {
      if (!setting('BULKHEAD_SECRET'))
        throw new StartError('The setting BULKHEAD_SECRET is needed: the audit log is sealed with a key that comes from it.')
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
      if (wrong > 0) throw new StartError(wrong === 1 ? 'There is one finding.' : `There are ${wrong} findings.`)
    }
  },
})
