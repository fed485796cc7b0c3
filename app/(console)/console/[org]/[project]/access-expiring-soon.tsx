'use client'

import { useQuery } from '@tanstack/react-query'
import { Link } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { MOST_ENDING_SOON, endingSoonQuery } from '#queries/review/access-review'

const count = (n: number, one: string, many: string) => (n === 0 ? [] : [`${n} ${n === 1 ? one : many}`])

/** Warns managers of members and tokens how many of them expire within a week. */
export function AccessExpiringSoon({ org, project }: { org: string; project: string }) {
  const { data: access } = useQuery(accessQuery(org, project))
  const { data } = useQuery({
    ...endingSoonQuery(org, project),
    enabled: access?.can['members:manage'].allowed ?? false,
  })
  if (!data || data.items.length === 0) return null
  const members = data.items.filter(({ kind }) => kind === 'membership').length
  const parts = [...count(members, 'member', 'members'), ...count(data.items.length - members, 'token', 'tokens')]
  const expiring = data.next === null ? parts.join(' and ') : `More than ${MOST_ENDING_SOON} members and tokens`
  return (
    <section aria-label="Ending soon" className="mb-4">
      <Notice action={<Link href={`${paths.project(org, project).accessReview}?reason=expiring`}>Review them</Link>}>
        {expiring} {data.items.length === 1 ? 'expires' : 'expire'} within seven days.
      </Notice>
    </section>
  )
}
