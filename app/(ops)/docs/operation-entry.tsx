import type { ReactNode } from 'react'
import { curlOf } from './example.ts'
import { FieldsTable } from './fields-table.tsx'
import { MethodBadge } from './method-badge.tsx'
import { Prose } from './prose.tsx'
import type { Operation } from './reference.ts'
import { ShellText } from '#components/ui/shell-text'
import { fieldsOf, ignoredOf, notesOf, typeInWords } from './schema.ts'

/** One operation: its effect, permission, input, answer and errors, and an example call. */
export function OperationEntry({ operation }: { operation: Operation }) {
  const { id, method, path, summary, description, errors } = operation
  return (
    <article aria-labelledby={id} className="border-t border-line py-6">
      <h2 id={id} className="scroll-mt-16 text-base font-semibold">
        <a href={`#${id}`} className="rounded-sm hover:underline">
          {summary}
        </a>
      </h2>
      <p className="mt-1 flex items-start gap-2">
        <MethodBadge method={method} />
        <code className="min-w-0 py-px wrap-anywhere">{path}</code>
      </p>
      <div className="mt-2 max-w-160 space-y-1 text-pretty text-muted">
        {description.map((paragraph) => (
          <p key={paragraph}>
            <Prose>{paragraph}</Prose>
          </p>
        ))}
      </div>
      <ShellText label={`Example: ${method} ${path}`} text={curlOf(operation)} />
      <Parts {...operation} />
      <Part title="Errors">
        <dl className="grid grid-cols-[3rem_1fr] gap-y-1">
          {errors.map((error) => (
            <div key={error.status} className="contents">
              <dt className="tabular-nums">{error.status}</dt>
              <dd className="text-muted">
                <Prose>{error.description}</Prose>
              </dd>
            </div>
          ))}
        </dl>
      </Part>
    </article>
  )
}

function Parts({ method, path, parameters, body, answer }: Operation) {
  const given = parameters.map(({ name, required, description, schema, in: where }) => ({
    name,
    type: typeInWords(schema),
    required,
    notes: [where === 'path' ? 'in the path' : 'in the query', ...notesOf({ ...schema, ...(description && { description }) })],
  }))
  const sent = body ? fieldsOf(body.schema) : []
  const ignored = body ? ignoredOf(body.schema) : []
  const answered = fieldsOf(answer.schema)
  return (
    <>
      {given.length > 0 && (
        <Part title="Parameters">
          <FieldsTable label={`Parameters of ${method} ${path}`} fields={given} />
        </Part>
      )}
      {body && (
        <Part title={body.required ? 'Body' : 'Body, optional'}>
          <FieldsTable label={`Body of ${method} ${path}`} fields={sent} />
          {ignored.length > 0 && (
            <p className="mt-1.5 text-xs text-muted">
              <Prose>{`Accepted and ignored: ${ignored.map((name) => `\`${name}\``).join(', ')}.`}</Prose>
            </p>
          )}
        </Part>
      )}
      <Part title={`Response ${answer.status}${answer.schema.items ? ', a list' : ''}`}>
        {answered.length > 0 ? (
          <FieldsTable label={`Response of ${method} ${path}`} fields={answered} answer />
        ) : (
          <p className="text-muted">An object.</p>
        )}
      </Part>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-4">
      <h3 className="mb-1.5 text-xs font-medium text-faint">{title}</h3>
      {children}
    </div>
  )
}
