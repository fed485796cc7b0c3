import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApplyLine, ApplyProgress, ApplyResult } from '#contract/apply/apply'
import { ApiError, callLines } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

export interface ApplyRequest {
  /** Sent as written: the server parses it. */
  text: string
  envName: string
  force: boolean
  dryRun: boolean
}

/** A JSON object that is the request itself is sent as JSON; everything else as YAML, a superset of JSON. */
function contentTypeOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'items' in value ? 'application/json' : 'application/yaml'
  } catch {
    return 'application/yaml'
  }
}

/** Applies a document, or runs it dry; `progress` is updated meanwhile. */
export function useApply(org: string, project: string) {
  const client = useQueryClient()
  const [progress, setProgress] = useState<ApplyProgress | null>(null)
  const apply = useMutation({
    mutationFn: async ({ text, envName, force, dryRun }: ApplyRequest): Promise<ApplyResult> => {
      setProgress(null)
      const params = { o: org, p: project, envName }
      const query = { force: force ? 'true' : 'false', dryRun: dryRun ? 'true' : 'false' } as const
      const sent = { params, query, text, contentType: contentTypeOf(text) }
      for await (const each of callLines('POST /{o}/{p}/envs/{envName}/apply', sent)) {
        const line = each as ApplyLine
        if ('result' in line) return line.result
        if ('error' in line) throw new ApiError(line.status, line.error)
        setProgress(line.progress)
      }
      throw new ApiError(0, {
        error: 'The connection was lost before the apply finished. Show the difference to see what was applied',
        code: 'offline',
        requestId: null,
      })
    },
    onSuccess: ({ dryRun }) => {
      if (!dryRun) void client.invalidateQueries({ queryKey: [...projectsKey(org), project] })
    },
  })
  return { ...apply, progress }
}
