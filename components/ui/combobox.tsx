'use client'

import { Combobox as Base } from '@base-ui/react/combobox'
import { clsx } from 'clsx'
import { Check, ChevronsUpDown, Plus, X } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { useMemo, useState } from 'react'
import { control, optionLook } from './control.tsx'

export interface ComboboxOption {
  value: string
  label: string
  /** At the right of the line: a count, an email address. */
  hint?: ReactNode
  disabledReason?: string | null
}

interface Shared {
  options: readonly ComboboxOption[]
  placeholder?: string
  /** The accessible name when there is no Field around it. */
  label?: string
  /** Text when nothing matches. */
  empty?: string
  /** Offers the typed text as a value: `Add "…"`. */
  allowCustom?: boolean
  /** Values are slugs or names of cells. */
  mono?: boolean
  disabled?: boolean
  onBlur?: () => void
  /** Called with the typed text when a server searches; the options are then shown unfiltered. */
  onSearch?: (text: string) => void
  /** The text input. */
  ref?: Ref<HTMLInputElement>
}

interface ListedOption extends ComboboxOption {
  custom?: boolean
}

/** The options, then selected values that are not among them, then the typed text. */
function useListed(options: readonly ComboboxOption[], chosen: readonly string[], typed: string, allowCustom: boolean) {
  return useMemo(() => {
    const known = new Set(options.map((option) => option.value))
    const listed: ListedOption[] = [...options]
    for (const value of chosen) if (!known.has(value)) listed.push({ value, label: value })
    const text = typed.trim()
    if (allowCustom && text && !listed.some((option) => option.value === text || option.label === text)) {
      listed.push({ value: text, label: text, custom: true })
    }
    return Base.createItems(listed, { getValue: (option) => option.value, getLabel: (option) => option.label })
  }, [options, chosen, typed, allowCustom])
}

export interface ComboboxProps extends Shared {
  value: string | null
  onChange: (value: string | null) => void
  /** Adds a button that clears the value. */
  clearable?: boolean
}

/** One of many, found by typing. */
export function Combobox({ value, onChange, clearable = false, ...props }: ComboboxProps) {
  const { options, placeholder = 'Search…', label, mono, disabled, allowCustom = false, onBlur, onSearch, ref } = props
  const [typed, setTyped] = useState('')
  const chosen = useMemo(() => (value === null ? [] : [value]), [value])
  const items = useListed(options, chosen, typed, allowCustom)
  return (
    <Base.Root
      items={items}
      {...(onSearch && { filter: null })}
      value={value}
      onValueChange={onChange}
      onInputValueChange={(text, { reason }) => {
        setTyped(text)
        // Selecting writes the label into the input; that must not start a search.
        if (reason === 'input-change' || reason === 'input-clear') onSearch?.(text)
      }}
      // The server has already filtered, by more than the label.
      filter={onSearch ? null : undefined}
      disabled={disabled}
    >
      <Base.InputGroup className={clsx(control, 'flex h-8 items-center')}>
        <Base.Input
          ref={ref}
          onBlur={onBlur}
          placeholder={placeholder}
          aria-label={label}
          className={clsx(inputLook, 'h-full pl-2.5')}
        />
        {clearable && (
          <Base.Clear aria-label="Clear" className={inlineButton}>
            <X className="size-3.5" />
          </Base.Clear>
        )}
        <Base.Trigger aria-label="Show options" className={inlineButton}>
          <ChevronsUpDown className="size-3.5" />
        </Base.Trigger>
      </Base.InputGroup>
      <Listbox empty={props.empty} mono={mono} />
    </Base.Root>
  )
}

export interface MultiComboboxProps extends Shared {
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Several of many, shown as chips. Backspace in the empty field removes the last one. */
export function MultiCombobox({ value, onChange, ...props }: MultiComboboxProps) {
  const { options, placeholder = 'Search…', label, mono, disabled, allowCustom = false, onBlur, ref } = props
  const [typed, setTyped] = useState('')
  const items = useListed(options, value, typed, allowCustom)
  const labelOf = (chosen: string) => options.find((option) => option.value === chosen)?.label ?? chosen
  return (
    <Base.Root
      multiple
      items={items}
      value={value}
      onValueChange={(next) => {
        onChange(next)
        setTyped('')
      }}
      inputValue={typed}
      onInputValueChange={setTyped}
      disabled={disabled}
    >
      <Base.InputGroup className={clsx(control, 'flex min-h-8 items-start')}>
        <Base.Chips
          className="flex min-w-0 flex-1 flex-wrap items-center gap-1 px-1 py-0.5"
          aria-label={value.length > 0 ? 'Chosen' : undefined}
        >
          {value.map((chosen) => (
            <Base.Chip
              key={chosen}
              aria-label={labelOf(chosen)}
              className="flex h-6.5 max-w-full items-center gap-1 rounded-sm border border-line bg-sunken pl-1.5 text-xs outline-none focus:border-accent focus:bg-accent-soft"
            >
              <span className={clsx('truncate', mono && 'font-mono')}>{labelOf(chosen)}</span>
              <Base.ChipRemove
                aria-label={`Remove ${labelOf(chosen)}`}
                className="grid size-6 place-items-center rounded-sm text-faint hover:bg-hover hover:text-ink"
              >
                <X className="size-3" />
              </Base.ChipRemove>
            </Base.Chip>
          ))}
          <Base.Input
            ref={ref}
            onBlur={onBlur}
            placeholder={value.length > 0 ? '' : placeholder}
            aria-label={label}
            className={clsx(inputLook, 'h-6.5 min-w-16 pl-1.5')}
          />
        </Base.Chips>
        <Base.Trigger aria-label="Show options" className={clsx(inlineButton, 'h-7.5')}>
          <ChevronsUpDown className="size-3.5" />
        </Base.Trigger>
      </Base.InputGroup>
      <Listbox empty={props.empty} mono={mono} />
    </Base.Root>
  )
}

const inputLook = 'min-w-0 flex-1 bg-transparent outline-none'
const inlineButton = 'grid w-7 shrink-0 place-items-center self-stretch text-faint hover:text-ink'

function Listbox({ empty = 'Nothing matches', mono = false }: { empty?: string; mono?: boolean }) {
  return (
    <Base.Portal render={<section aria-label="Options" />}>
      <Base.Positioner sideOffset={4} collisionPadding={8} className="z-40">
        <Base.Popup className="popup max-h-[min(var(--available-height),20rem)] w-(--anchor-width) min-w-52 max-w-(--available-width) overflow-y-auto overscroll-contain">
          <Base.Empty>
            <div className="px-3 py-2.5 text-muted">{empty}</div>
          </Base.Empty>
          <Base.List className="p-1 data-empty:p-0">
            {(option: ListedOption) => (
              <Base.Item key={option.value} value={option.value} disabled={Boolean(option.disabledReason)} className={optionLook}>
                {option.custom ? (
                  <Plus className="col-start-1 size-3.5" aria-hidden />
                ) : (
                  <Base.ItemIndicator className="col-start-1">
                    <Check className="size-3.5" />
                  </Base.ItemIndicator>
                )}
                <span className={clsx('col-start-2 truncate', mono && 'font-mono text-xs')}>
                  {option.custom ? `Add "${option.label}"` : option.label}
                </span>
                {option.hint !== undefined && <span className="text-xs text-faint tabular-nums">{option.hint}</span>}
                {option.disabledReason && <span className="col-span-2 col-start-2 text-xs">{option.disabledReason}</span>}
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}
