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
      <PageHeader title="Access review" description="Review who has access to this project, and what may no longer be needed." />
      <AccessReview {...{ org, project }} may={access.data?.can['members:manage']} failed={access.error} />
    </>
  )
}
