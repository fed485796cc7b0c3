'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import { useMemo, useRef, useState } from 'react'
import { groupsOf, type OutcomeGroup, type OutcomeItem, type Outcomes } from './outcomes.tsx'
import { OutcomeHead, OutcomeRow } from './outcome-row.tsx'

type Line = { id: string; group: OutcomeGroup } & ({ type: 'head'; open: boolean } | { type: 'item'; item: OutcomeItem })

export interface OutcomeListProps {
  /** Names the list: "Difference". */
  label: string
  outcomes: Outcomes
  /** The line of an item in the document; pressing the link goes there. */
  lineOf?: (item: OutcomeItem) => number | undefined
  onGoTo?: (line: number) => void
  className?: string
}

/** All items by outcome and kind, with their changes. Renders only visible rows, so that ten thousand cost no more than ten. */
export function OutcomeList({ label, outcomes, lineOf, onGoTo, className }: OutcomeListProps) {
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const groups = useMemo(() => groupsOf(outcomes), [outcomes])
  const lines = useMemo(
    () =>
      groups.flatMap((group): Line[] => {
        const open = (group.outcome !== 'unchanged') !== turned.has(group.id)
        const items = open
          ? group.items.map((item, place): Line => ({ id: `${group.id} ${place}`, type: 'item', group, item }))
          : []
        return [{ id: group.id, type: 'head', group, open }, ...items]
      }),
    [groups, turned],
  )
  const scroller = useRef<HTMLElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- nothing that it returns is handed on
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 32,
    getItemKey: (index) => lines[index]!.id,
    overscan: 12,
  })
  const toggle = (id: string) =>
    setTurned((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]))
  return (
    <section
      ref={scroller}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      className={clsx('overflow-y-auto rounded-md border border-line bg-raised -outline-offset-2', className ?? 'max-h-[70dvh]')}
    >
      <div className="relative -mb-px" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index]!
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              {line.type === 'head' ? (
                <OutcomeHead {...line} first={index === 0} onToggle={() => toggle(line.group.id)} />
              ) : (
                <OutcomeRow outcome={line.group.outcome} item={line.item} line={lineOf?.(line.item)} onGoTo={onGoTo} />
              )}
            </div>
          )
        })}
      </div>
    </section>
  )
}
