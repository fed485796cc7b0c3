'use client'

import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '#components/ui/page-header'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { AccessReview } from '../../../_access-review/access-review.tsx'
import { ReviewViews } from '../review-views.tsx'

/** The people and tokens with access to the organization and its projects. */
export function OrganizationReview({ org }: { org: string }) {
  const access = useQuery(organizationAccessQuery(org))
  return (
    <>
      <PageHeader
        title="Access review"
        description="Every membership and token, with what may no longer be needed. Select entries to change or remove their access."
      />
      <ReviewViews org={org} />
      <AccessReview org={org} may={access.data?.can['people:manage']} failed={access.error} />
    </>
  )
}
