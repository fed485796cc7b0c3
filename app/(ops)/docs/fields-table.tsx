import type { Field } from './schema.ts'
import { Prose } from './prose.tsx'

interface FieldsTableProps {
  /** Names the table: "Body of Create a project". */
  label: string
  fields: readonly Field[]
  /** An answer always has all its fields, except those marked. */
  answer?: boolean
}

const head = 'h-7 pr-4 pl-3 font-medium'
const cell = 'border-t border-line py-1.5 pr-4 pl-3 align-top'

/** The fields of a request or an answer, nested ones by their path. */
export function FieldsTable({ label, fields, answer = false }: FieldsTableProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={`${label}, scrollable`} className="overflow-x-auto rounded-md border border-line bg-raised">
      <table aria-label={label} className="w-full min-w-120 border-separate border-spacing-0 text-left text-xs">
        <thead className="bg-sunken text-muted">
          <tr>
            <th scope="col" className={`${head} w-[34%]`}>
              Field
            </th>
            <th scope="col" className={`${head} w-[28%]`}>
              Type
            </th>
            <th scope="col" className={head}>
              Meaning
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, type, required, notes }) => (
            <tr key={name}>
              <th scope="row" className={`${cell} font-normal whitespace-nowrap`}>
                <code>{name}</code>
                {required !== answer && <span className="ml-1.5 text-faint">{answer ? 'optional' : 'required'}</span>}
              </th>
              <td className={cell}>
                <code className="text-muted">{type}</code>
              </td>
              <td className={`${cell} text-pretty wrap-anywhere text-muted`}>
                <Prose>{notes.join(' · ')}</Prose>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
