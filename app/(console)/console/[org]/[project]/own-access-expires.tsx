'use client'

import { useQuery } from '@tanstack/react-query'
import { Notice } from '#components/ui/notice'
import { Time, useNowOrServerTime } from '#components/ui/time'
import { accessQuery } from '#queries/review/access'
import { membersQuery } from '#queries/members/members'

const WEEK = 7 * 86_400_000
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })

interface OwnAccessExpiresProps {
  org: string
  project: string
  /** The project's name. */
  name: string
}

/** Warns users that their own access expires within a week, and says who can extend it. */
export function OwnAccessExpires({ org, project, name }: OwnAccessExpiresProps) {
  const now = useNowOrServerTime()
  const { data: access } = useQuery(accessQuery(org, project))
  const end = access?.expiresAt ?? null
  const left = end === null ? null : Date.parse(end) - now
  const isSoon = left !== null && left > 0 && left <= WEEK
  const owners = useQuery({ ...membersQuery(org, project, { role: 'owner' }), enabled: isSoon })
  if (!isSoon || end === null) return null
  const names = (owners.data?.items ?? [])
    .filter(
      ({ userId, expiresAt }) => userId !== access?.userId && (expiresAt === null || Date.parse(expiresAt) > Date.parse(end)),
    )
    .map((owner) => owner.name)
  const [first, second, third] = names
  const nameList = [first, second, third].filter(Boolean).join(', ')
  return (
    <section aria-label="Your access ends soon" className="mb-5">
      <Notice>
        Your access to {name} ends on {day.format(Date.parse(end))}, <Time value={end} />.
        {nameList && ` To keep it, ask one of the owners to extend it: ${nameList}.`}
      </Notice>
    </section>
  )
}
