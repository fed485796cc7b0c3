import { CircleAlert, FileUp } from 'lucide-react'
import type { Ref } from 'react'
import { useDeferredValue, useId, useMemo, useRef } from 'react'
import { DocumentEditor, type DocumentEditorHandle } from '#components/catalog/document-editor'
import { documentProblem } from '#components/catalog/document-places'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Notice } from '#components/ui/notice'
import { Select } from '#components/ui/select'
import { Skeleton } from '#components/ui/skeleton'
import { useToast } from '#components/ui/toast'
import { sampleDocument } from './sample-document.ts'
import type { useDocument } from './use-document.ts'

/** Longer texts are not parsed while typing; the server reports their errors. */
const readWhileTyping = 300_000
/** The API's limit, in bytes. */
const most = 16 * 1024 * 1024

interface ApplyFormProps {
  document: ReturnType<typeof useDocument>
  envName: string
  environments: readonly string[]
  onEnv: (name: string) => void
  force: boolean
  onForce: (force: boolean) => void
  /** Lines of items that failed. */
  marked: readonly number[]
  editor: Ref<DocumentEditorHandle>
  pending: boolean
  /** Why nothing can be applied here. */
  disabledReason: string | null
  onSubmit: () => void
}

/** The document, its environment, and the button that shows the difference. */
export function ApplyForm({ document, envName, environments, force, marked, editor, ...props }: ApplyFormProps) {
  const { text, setText } = document
  const id = useId()
  const toast = useToast()
  const file = useRef<HTMLInputElement>(null)
  const read = useDeferredValue(text)
  const problem = useMemo(() => (read.trim() === '' || read.length > readWhileTyping ? null : documentProblem(read)), [read])
  const replaceText = (next: string, message: string) => {
    const before = text
    setText(next)
    if (before.trim() === '') return
    toast(message, { action: { label: 'Undo', onClick: () => setText(before) } })
  }
  const load = async (chosen: File) => {
    if (chosen.size > most) toast(`${chosen.name} is larger than 16 MiB`, { description: 'Nothing was loaded.' })
    else replaceText(await chosen.text(), `The editor now holds ${chosen.name}`)
  }
  const empty = text.trim() === ''
  return (
    <form
      noValidate
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit()
      }}
    >
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={file}
          type="file"
          hidden
          aria-label="File to load"
          accept=".yaml,.yml,.json,application/json,application/yaml,text/yaml"
          onChange={({ target }) => {
            if (target.files?.[0]) void load(target.files[0])
            target.value = ''
          }}
        />
        <Button icon={<FileUp className="size-3.5" />} onClick={() => file.current?.click()}>
          Load a file…
        </Button>
        <Button onClick={() => replaceText(sampleDocument, 'The editor now holds the sample')}>Load the sample</Button>
        <Button
          variant="ghost"
          disabledReason={empty ? 'There is nothing to clear' : null}
          onClick={() => replaceText('', 'Document cleared')}
        >
          Clear
        </Button>
        <span className="text-xs text-faint max-sm:hidden">or drop a file onto the editor</span>
      </div>
      {document.error && <Notice tone="warning">{document.error.message}</Notice>}
      {document.missing && <Notice>{document.editing} is no longer in the catalog.</Notice>}
      {document.loading ? (
        <div className="rounded-md border border-line p-3">
          <output className="sr-only">Loading the document</output>
          <Skeleton className="h-3.5 w-48" />
        </div>
      ) : (
        <DocumentEditor
          ref={editor}
          label="Document"
          value={text}
          onChange={setText}
          onFile={(dropped) => void load(dropped)}
          marked={problem ? [problem.line] : marked}
          invalid={problem !== null}
          describedBy={problem ? `${id}-problem` : undefined}
          placeholder={'kind: EntityType\nname: site\n…'}
        />
      )}
      <p id={`${id}-problem`} aria-live="polite" className="flex items-start gap-1.5 font-medium empty:hidden">
        {problem && (
          <>
            <CircleAlert aria-hidden className="mt-0.75 size-3.5 shrink-0" />
            <span>{`Line ${problem.line}, column ${problem.column}: ${problem.message}`}</span>
          </>
        )}
      </p>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-wrap items-start gap-x-6 gap-y-3">
          <Select
            label="Environment"
            prefix="Environment"
            value={envName}
            onChange={props.onEnv}
            options={environments.map((name) => ({
              value: name,
              label: name,
              hint: 'Entities and relationships are written here',
            }))}
            className="w-auto! max-w-60"
          />
          <div className="max-w-100 sm:pt-1">
            <Checkbox
              label="Force"
              hint="Allows changes that lose data or change what people see: entities in a removed state move to the initial state, values of removed properties are deleted, and cells that limit someone’s access may change."
              checked={force}
              onChange={props.onForce}
            />
          </div>
        </div>
        <Button
          type="submit"
          variant="primary"
          pending={props.pending}
          disabledReason={
            props.disabledReason ??
            (empty ? 'Write or load a document first' : problem ? `Line ${problem.line} has an error` : null)
          }
        >
          Show difference
        </Button>
      </div>
    </form>
  )
}
