'use client'

import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '#components/ui/page-header'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { AuditLog } from '../../_audit/audit-log.tsx'

/** What was changed in the organization and in all of its projects. */
export function OrganizationAudit({ org }: { org: string }) {
  const { data, error, refetch } = useQuery(organizationAccessQuery(org))
  return (
    <>
      <PageHeader
        title="Audit log"
        description="What was changed in the organization and in its projects, deleted ones included. Newest first."
      />
      <AuditLog
        org={org}
        may={data?.can['organization-audit:read']}
        failed={error && { message: error.message, retry: () => void refetch() }}
      />
    </>
  )
}
