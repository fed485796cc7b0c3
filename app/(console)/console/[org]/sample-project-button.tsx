'use client'

import { Boxes } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button'
import { useToast } from '#components/ui/toast'
import { paths } from '#contract/paths'
import { useCreateSampleProject } from '#queries/projects/projects'

interface SampleProjectButtonProps {
  org: string
  disabledReason: string | null
  /** Called once it is there. */
  onCreated?: () => void
}

/** Creates a sample project with something of everything, and opens it. */
export function SampleProjectButton({ org, disabledReason, onCreated }: SampleProjectButtonProps) {
  const router = useRouter()
  const toast = useToast()
  const create = useCreateSampleProject(org)
  const onSuccess = ({ name, slug }: { name: string; slug: string }) => {
    onCreated?.()
    toast(`Created ${name}`)
    router.push(paths.project(org, slug).overview)
  }
  return (
    <>
      <Button
        icon={<Boxes className="size-3.5" />}
        pending={create.isPending}
        disabledReason={disabledReason}
        onClick={() => create.mutate(undefined, { onSuccess })}
      >
        Create sample project
      </Button>
      {create.error && (
        <p role="alert" className="basis-full text-pretty">
          {create.error.message}
        </p>
      )}
    </>
  )
}
