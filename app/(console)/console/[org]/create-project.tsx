'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { CreateProject } from '#contract/projects/projects'
import { Form } from '#components/form/form'
import { NameAndSlugFields } from '#components/form/name-and-slug'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { paths } from '#contract/paths'
import { useCreateProject } from '#queries/projects/projects'
import { SampleProjectButton } from './sample-project-button.tsx'

interface CreateProjectDialogProps {
  org: string
  /** A project whose structure the new one begins with. */
  from?: { slug: string; name: string } | undefined
  onClose: () => void
}

/** Creates a project, empty or with the structure of another one, and opens it. */
export function CreateProjectDialog({ org, from, onClose }: CreateProjectDialogProps) {
  if (from) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`Clone the structure of ${from.name}`}
        description="The new project begins with its environments, entity types, cells, relationship types and secrets without values. Data, members and tokens are not copied. You become its owner."
      >
        <CreateProjectForm org={org} cloneOf={from.slug} onDone={onClose} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Create project"
      description="You become its owner. The project starts with one environment, named default."
    >
      <CreateProjectForm org={org} onDone={onClose} />
      <div className="mt-5 flex flex-wrap items-center justify-between gap-2 border-t border-line pt-4 text-muted">
        Or look around in a project that has something of everything.
        <SampleProjectButton org={org} disabledReason={null} onCreated={onClose} />
      </div>
    </Dialog>
  )
}

interface CreateProjectFormProps {
  org: string
  cloneOf?: string
  onDone: () => void
}

function CreateProjectForm({ org, cloneOf, onDone }: CreateProjectFormProps) {
  const router = useRouter()
  const toast = useToast()
  const create = useCreateProject(org)
  const form = useForm({ resolver: zodResolver(CreateProject), defaultValues: { name: '', slug: '' } })
  const submit = (project: CreateProject) =>
    create.mutate(cloneOf === undefined ? project : { ...project, cloneOf }, {
      onSuccess: ({ slug, name }) => {
        onDone()
        toast(`Created ${name}`)
        router.push(paths.project(org, slug).overview)
      },
    })
  return (
    <Form
      form={form}
      onSubmit={submit}
      error={create.error}
      pending={create.isPending}
      submitLabel={cloneOf === undefined ? 'Create project' : 'Clone structure'}
      onCancel={onDone}
    >
      <NameAndSlugFields
        form={form}
        name={{ path: 'name', label: 'Name' }}
        slug={{
          path: 'slug',
          label: 'Slug',
          hint: 'A short name for URLs, such as atlas in /acme/atlas. Can’t be changed later.',
        }}
      />
    </Form>
  )
}
