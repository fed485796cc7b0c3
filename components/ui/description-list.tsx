import type { ReactNode } from 'react'

export interface DescriptionListProps {
  items: readonly { label: string; value: ReactNode }[]
}

/** Facts about one thing, each label beside its value; stacked on a narrow screen. */
export function DescriptionList({ items }: DescriptionListProps) {
  return (
    <dl className="@container divide-y divide-line">
      {items.map(({ label, value }) => (
        <div key={label} className="grid gap-x-4 py-2 first:pt-0 last:pb-0 @3xs:grid-cols-[minmax(6.5rem,min(30%,10rem))_1fr]">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
