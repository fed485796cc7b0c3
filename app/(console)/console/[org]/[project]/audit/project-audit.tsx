'use client'

import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '#components/ui/page-header'
import { accessQuery } from '#queries/review/access'
import { AuditLog } from '../../_audit/audit-log.tsx'

/** What was changed in one project. */
export function ProjectAudit({ org, project }: { org: string; project: string }) {
  const { data, error, refetch } = useQuery(accessQuery(org, project))
  return (
    <>
      <PageHeader title="Audit log" description="What was changed in this project, by whom and from where. Newest first." />
      <AuditLog
        {...{ org, project }}
        may={data?.can['audit:read']}
        failed={error && { message: error.message, retry: () => void refetch() }}
      />
    </>
  )
}
