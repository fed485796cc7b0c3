import { urlOf } from '../call.ts'

/** The download URL of a project's catalog and data. */
export const exportUrl = (org: string, project: string) => urlOf('GET /{o}/{p}/export', { params: { o: org, p: project } })
