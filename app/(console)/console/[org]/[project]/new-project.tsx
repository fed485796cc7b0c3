'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useHydrated } from '#components/ui/use-hydrated'
import { CopyButton } from '#components/ui/copy-button'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { TextToCopy } from '#components/ui/text-to-copy'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import type { ProjectPath } from './project-path.ts'

/** A project without catalog and data: three ways to begin, for those who may. */
export function NewProject({ org, project }: ProjectPath) {
  const may = useQuery(accessQuery(org, project)).data?.can['apply:write'].allowed
  if (!may) {
    return (
      <div className="rounded-lg border border-line bg-raised">
        <EmptyState title="This project has no data">Its admins and owners can add a catalog, and then data.</EmptyState>
      </div>
    )
  }
  const { apply } = paths.project(org, project)
  return (
    <section aria-labelledby="new-project" className="rounded-lg border border-line bg-raised">
      <div className="px-4 pt-3.5 pb-3">
        <h2 id="new-project" className="text-base font-semibold">
          Add the first data
        </h2>
        <p className="mt-0.5 max-w-150 text-pretty text-muted">
          A catalog says what this project can contain: types of entities, and cells that group them. Entities come after it.
        </p>
      </div>
      <div className="grid border-t border-line lg:grid-cols-3">
        <Way title="Start from the sample" action={<ButtonLink href={`${apply}?edit=sample`}>Open the sample</ButtonLink>}>
          A small catalog of sites, servers and regions. You see what it changes before you apply it.
        </Way>
        <Way
          title="Apply a document"
          action={
            <ButtonLink variant="primary" href={apply}>
              Apply a document
            </ButtonLink>
          }
        >
          Write your catalog as YAML or JSON, or paste one from another project.
        </Way>
        <Way title="Use the API" action={<ButtonLink href={paths.docs}>API documentation</ButtonLink>}>
          <Curl org={org} project={project} />
        </Way>
      </div>
    </section>
  )
}

function Way({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-3 border-line px-4 py-4 not-first:border-t lg:not-first:border-t-0 lg:not-first:border-l">
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">{title}</h3>
        <div className="mt-0.5 text-pretty text-muted">{children}</div>
      </div>
      <div>{action}</div>
    </div>
  )
}

const type = '{"name":"site","states":["live"],"initialState":"live"}'

/** A command that creates the first entity type. */
function Curl({ org, project }: ProjectPath) {
  const origin = useHydrated() ? location.origin : ''
  const command = `curl ${origin}/${org}/${project}/entity-types -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${type}'`
  return (
    <>
      With a token of this project in <code>TOKEN</code>:
      <div className="mt-2">
        <TextToCopy label="Create an entity type" text={command}>
          <CopyButton text={command} what="command" />
        </TextToCopy>
      </div>
    </>
  )
}
