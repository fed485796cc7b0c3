import { ArrowRight } from 'lucide-react'
import { type AccessValues, differences, inWords, labels } from './access-values.ts'

/** What changes from one access to another, field by field. */
export function Changes({ before, after, label }: { before: AccessValues; after: AccessValues; label: string }) {
  return (
    <ul aria-label={label} className="space-y-0.5">
      {differences(before, after).map((field) => (
        <li key={field} className="wrap-anywhere">
          <span className="text-muted">{labels[field]}</span> {inWords[field](before)}{' '}
          <ArrowRight aria-hidden className="inline size-3.5 text-faint" /> <span className="sr-only">becomes</span>{' '}
          <span className="font-medium">{inWords[field](after)}</span>
        </li>
      ))}
    </ul>
  )
}
