'use client'

import { useQuery } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
import { auditChainQuery } from '#queries/audit/events'

/** The end of the organization's event chain. A copy kept elsewhere proves later that no event was removed. */
export function AuditSeal({ org, project }: { org: string; project: string }) {
  const { data: chain } = useQuery(auditChainQuery(org, project))
  if (!chain) return null
  const waiting =
    chain.unsealed === 1
      ? '1 event in this project isn’t sealed yet'
      : `${chain.unsealed} events in this project aren’t sealed yet`
  return (
    <section aria-label="Seal" className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
      {chain.end ? (
        <>
          <span>
            <Link2 aria-hidden className="mr-1.5 inline size-3.5 text-faint" />
            Sealed up to event <span className="font-medium text-ink tabular-nums">
              #{chain.end.seq.toLocaleString('en-US')}
            </span>{' '}
            of the organization, <Time value={chain.end.sealedAt} />
          </span>
          <Mono copy="checkpoint" full={`${chain.end.seq}:${chain.end.hash}`} quiet>
            {`${chain.end.hash.slice(0, 16)}…`}
          </Mono>
        </>
      ) : (
        <span>Nothing is sealed yet</span>
      )}
      {chain.unsealed > 0 && <span>{waiting}</span>}
    </section>
  )
}
