'use client'

import { useQueries } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { scopePreviewQuery } from '#queries/projects/stats'
import type { MemberRow } from './member-columns.tsx'
import { type AccessValues, differences, fields, inWords, withFields } from './panel/access-values.ts'

/** Different scopes that are counted at once; members mostly share a few. */
const COUNTED = 40

const scopeOf = ({ cellScopes, envName }: AccessValues) => ({ cells: cellScopes, env: envName })
const keyOf = (values: AccessValues) => JSON.stringify(scopeOf(values))

interface Shown {
  org: string
  project: string
  members: readonly MemberRow[]
}

/** For each member, by user: what their access is, and how many entities they see now and would see after the change. */
export function useDetails(
  { org, project, members }: Shown,
  change: Partial<AccessValues>,
  isSkipped: (member: MemberRow) => boolean,
): ReadonlyMap<string, ReactNode> {
  const rows = members.map((member) => {
    const changed = fields.filter((field) => field in change)
    const after = isSkipped(member) ? member : withFields(member, { ...member, ...change }, changed)
    return { member, after, changed: differences(member, after) }
  })
  const scopes = new Map(rows.flatMap(({ member, after }) => [member, after]).map((values) => [keyOf(values), scopeOf(values)]))
  const asked = [...scopes].slice(0, COUNTED)
  const counts = useQueries({
    queries: asked.map(([, scope]) => scopePreviewQuery(org, project, scope)),
    combine: (results) => new Map(results.map(({ data }, i) => [asked[i]![0], data])),
  })
  return new Map(
    rows.map(({ member, after, changed }) => {
      const [now, then] = [counts.get(keyOf(member)), counts.get(keyOf(after))]
      return [
        member.userId,
        <>
          {fields
            .filter((field) => field !== 'role')
            .map((field) => sentence(field, member))
            .join(' · ')}
          {now && then && (
            <span className="block tabular-nums">
              {changed.some((field) => field === 'envName' || field === 'cellScopes') ? (
                <>
                  Will see <strong className="font-semibold text-ink">{then.visible.toLocaleString('en')}</strong> of{' '}
                  {then.total.toLocaleString('en')} entities (now {now.visible.toLocaleString('en')})
                </>
              ) : (
                `Sees ${now.visible.toLocaleString('en')} of ${now.total.toLocaleString('en')} entities`
              )}
            </span>
          )}
        </>,
      ]
    }),
  )
}

const sentence = (field: keyof AccessValues, values: AccessValues) =>
  field === 'expiresAt' && values.expiresAt === null
    ? 'Never expires'
    : field === 'expiresAt'
      ? `Expires ${inWords.expiresAt(values)}`
      : inWords[field](values)
