'use client'

import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

export interface Tab {
  value: string
  label: string
  /** A number after the label. */
  count?: number
}

export interface TabsProps<Value extends string> {
  /** Names the list of tabs. */
  label: string
  tabs: readonly (Tab & { value: Value })[]
  value: Value
  onChange: (value: Value) => void
  /** One `TabPanel` per tab. */
  children: ReactNode
}

/** Parts of one page. The value lives outside, in the URL. */
export function Tabs<Value extends string>({ label, tabs, value, onChange, children }: TabsProps<Value>) {
  return (
    <Base.Root value={value} onValueChange={(next: Value) => onChange(next)}>
      <Base.List aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent font-medium text-muted outline-offset-[-2px] hover:text-ink data-active:border-accent data-active:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="text-xs font-normal text-faint tabular-nums">{tab.count.toLocaleString('en')}</span>
            )}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  )
}

/** The content of one tab. */
export function TabPanel({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Base.Panel value={value} className="pt-5 outline-offset-4">
      {children}
    </Base.Panel>
  )
}
