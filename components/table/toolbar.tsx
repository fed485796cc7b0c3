'use client'

import { ChevronsUpDown, Search, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button'
import { Input } from '#components/ui/input'
import { useTypedEarly } from '#components/ui/use-typed-early'
import { selectLook } from '#components/ui/control'
import { closedCombobox, useFirstTouch } from '#components/ui/first-touch'
import type { SelectOption } from '#components/ui/select'

export interface ToolbarProps {
  /** Names the toolbar: "Filter members". */
  label: string
  search?: { value: string; onChange: (value: string) => void; placeholder: string }
  /** `ToolbarFilter`s. */
  children?: ReactNode
  /** Present while any filter is on. */
  onClear?: (() => void) | undefined
  /** At the right: export, add. */
  actions?: ReactNode
}

/** Above a table: search, filters and the list's actions, which stand at its right on every screen. */
export function Toolbar({ label, search, children, onClear, actions }: ToolbarProps) {
  const own = useTypedEarly<HTMLInputElement>(search ?? { value: '', onChange: () => {} })
  return (
    <div className="mb-3 flex flex-wrap items-start justify-between gap-2">
      <search aria-label={label} className="flex min-w-0 flex-1 flex-wrap items-center gap-2 max-sm:basis-full">
        {search && (
          <div className="relative w-full min-w-44 sm:w-60">
            <Search aria-hidden className="pointer-events-none absolute top-2.25 left-2.5 z-10 size-3.5 text-faint" />
            <Input
              ref={own}
              type="search"
              value={search.value}
              onChange={search.onChange}
              placeholder={search.placeholder}
              aria-label={search.placeholder}
              autoComplete="off"
              spellCheck={false}
              className="border-line! pl-8 [&::-webkit-search-cancel-button]:hidden"
            />
          </div>
        )}
        {children}
        {onClear && (
          <Button variant="ghost" icon={<X className="size-3.5" />} onClick={onClear}>
            Clear
          </Button>
        )}
      </search>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}

export interface ToolbarFilterProps<Value extends string> {
  /** The filter's name, shown before the value. */
  label: string
  options: readonly SelectOption<Value>[]
  /** Null means not filtered. */
  value: Value | null
  onChange: (value: Value | null) => void
  /** The word for null: "any". */
  anyLabel?: string
}

const any = '__any'

const loadSelect = () => import('#components/ui/open-select').then((module) => module.OpenSelect)

/**
 * One filter of a list, as a small select that includes its name: "Role any". The select's code is fetched when its button is first
 * touched.
 */
export function ToolbarFilter<Value extends string>({
  label,
  options,
  value,
  onChange,
  anyLabel = 'any',
}: ToolbarFilterProps<Value>) {
  const { Control, touch } = useFirstTouch(loadSelect)
  const all: SelectOption[] = [{ value: any, label: anyLabel }, ...options]
  const shown = all.find((option) => option.value === (value ?? any))
  const className = 'w-auto! max-w-60 border-line! bg-raised'
  if (Control) {
    return (
      <Control
        label={label}
        prefix={label}
        options={all}
        value={value ?? any}
        onChange={(next) => onChange(next === any ? null : (next as Value))}
        className={className}
      />
    )
  }
  return (
    <button
      type="button"
      {...closedCombobox('listbox')}
      aria-label={shown ? `${label}: ${shown.label}` : label}
      className={selectLook('md', className)}
      {...touch}
    >
      <span className="text-faint">{label}</span>
      <span className="min-w-0 flex-1 truncate">{shown?.label}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 text-faint" />
    </button>
  )
}

export interface SelectionBarProps {
  /** The number of selected rows; at 0 nothing shows. */
  count: number
  /** What they are: `['member', 'members']`. */
  what: readonly [one: string, many: string]
  onClear: () => void
  /** Small buttons that act on all of them. */
  children: ReactNode
}

/** Replaces the toolbar while rows are selected. */
export function SelectionBar({ count, what, onClear, children }: SelectionBarProps) {
  if (count === 0) return null
  const summary = `${count.toLocaleString('en')} ${count === 1 ? what[0] : what[1]} selected`
  return (
    <section
      aria-label={summary}
      className="mb-3 flex flex-wrap items-center gap-2 rounded-md border border-accent-line bg-selected py-px pr-px pl-3"
    >
      <output className="mr-auto font-medium tabular-nums">{summary}</output>
      {children}
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear selection
      </Button>
    </section>
  )
}
