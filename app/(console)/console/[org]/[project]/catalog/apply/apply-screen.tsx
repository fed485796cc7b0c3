'use client'

import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { useMemo, useRef, useState } from 'react'
import type { DocumentEditorHandle } from '#components/catalog/document-editor'
import { placesIn } from '#components/catalog/document-places'
import { PageHeader } from '#components/ui/page-header'
import { Unsaved } from '#components/ui/unsaved'
import { useKeptFocus } from '#components/ui/use-kept-focus'
import { accessQuery } from '#queries/review/access'
import { type ApplyRequest, useApply } from '#queries/apply/apply'
import { environmentsQuery } from '#queries/projects/environments'
import { Applied } from './applied.tsx'
import { ApplyForm } from './apply-form.tsx'
import { ApplyProgressBar } from './apply-progress-bar.tsx'
import { Difference } from './difference.tsx'
import { Refusal } from './refusal.tsx'
import { useDocument } from './use-document.ts'

const inUrl = parseAsString

/** The number of lines marked in the editor; the list below has all that failed. */
const marks = 200

/** Shows a document, then what it would change, then the result. */
export function ApplyScreen({ org, project }: { org: string; project: string }) {
  const document = useDocument(org, project)
  const [env, setEnv] = useQueryState('env', inUrl)
  const [force, setForce] = useState(false)
  const access = useQuery(accessQuery(org, project))
  const environments = useQuery(environmentsQuery(org, project)).data ?? []
  const preview = useApply(org, project)
  const run = useApply(org, project)
  const editor = useRef<DocumentEditorHandle>(null)
  const answer = useRef<HTMLElement>(null)
  const keptFocus = useKeptFocus(answer)

  const envName = env ?? environments.find(({ isDefault }) => isDefault)?.name ?? environments[0]?.name ?? 'default'
  const request = { text: document.text, envName, force }
  const sent = run.variables ?? preview.variables
  const isAsSent = (one: ApplyRequest | undefined) =>
    one?.text === request.text && one.envName === request.envName && one.force === request.force
  const place = useMemo(() => placesIn(sent?.text ?? ''), [sent?.text])
  const isSameText = sent?.text === document.text
  const goTo = isSameText ? (line: number) => editor.current?.goTo(line) : undefined

  const show = (change: Partial<Pick<ApplyRequest, 'force'>> = {}) => {
    if (change.force !== undefined) setForce(change.force)
    run.reset()
    preview.mutate({ ...request, ...change, dryRun: true })
  }
  const apply = () =>
    run.mutate(
      { ...request, dryRun: false },
      {
        onSuccess: ({ failed: wrong }) => {
          preview.reset()
          if (wrong.length === 0) document.forget()
        },
      },
    )
  const failed = run.error ?? preview.error
  const result = run.data ?? preview.data
  const marked = useMemo(
    () =>
      !isSameText || !result
        ? []
        : result.failed.slice(0, marks).flatMap(({ index, path }) => (index === undefined ? [] : (place(index, path) ?? []))),
    [isSameText, result, place],
  )
  const can = access.data?.can['apply:write']
  const places = {
    lineOf: ({ index, path }: { index?: number; path?: string }) => (index === undefined ? undefined : place(index, path)),
    onGoTo: goTo,
  }
  return (
    <>
      <PageHeader
        title={document.editing === undefined ? 'Apply' : `Edit ${document.editing}`}
        description="Change the catalog and its data with a YAML or JSON document. You see the difference first; nothing changes until you apply it."
      />
      <Unsaved draft when={document.isTyped && !(run.isSuccess && isAsSent(run.variables))} />
      <div className="space-y-5">
        <ApplyForm
          {...{ org, project, document, envName, force, marked, editor }}
          environments={environments.map(({ name }) => name)}
          onEnv={(name) => void setEnv(name)}
          onForce={setForce}
          pending={preview.isPending}
          disabledReason={run.isPending ? 'The document is being applied' : can ? can.reason : 'Still loading'}
          onSubmit={() => show()}
        />
        {/* A button that asks again disappears with the answer it is in. */}
        <section {...keptFocus} ref={answer} aria-label="Result" tabIndex={-1} className="space-y-5 empty:hidden">
          {preview.isPending && <ApplyProgressBar label="Computing the difference" progress={preview.progress} />}
          {run.isPending && <ApplyProgressBar label="Applying" progress={run.progress} />}
          {failed && !preview.isPending && !run.isPending && (
            <Refusal
              error={failed}
              place={place}
              onGoTo={goTo}
              forced={sent?.force ?? false}
              onForce={() => show({ force: true })}
            />
          )}
          {preview.data && !run.data && !run.isPending && (
            <Difference
              result={preview.data}
              stale={!isAsSent(preview.variables)}
              project={project}
              envName={preview.variables?.envName ?? envName}
              forced={preview.variables?.force ?? false}
              onApply={apply}
              {...places}
            />
          )}
          {run.data && (
            <Applied {...{ org, project }} envName={run.variables?.envName ?? envName} result={run.data} {...places} />
          )}
        </section>
      </div>
    </>
  )
}
