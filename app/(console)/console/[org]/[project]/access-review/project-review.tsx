'use client'

import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '#components/ui/page-header'
import { accessQuery } from '#queries/review/access'
import { AccessReview } from '../../_access-review/access-review.tsx'

/** The members and tokens with access to one project. */
export function ProjectReview({ org, project }: { org: string; project: string }) {
  const access = useQuery(accessQuery(org, project))
  return (
    <>
      <PageHeader
        title="Access review"
        description="The members and tokens of this project, and who reaches it through the organisation, with what speaks for looking at it again."
      />
      <AccessReview {...{ org, project }} may={access.data?.can['members:manage']} failed={access.error} />
    </>
  )
}
