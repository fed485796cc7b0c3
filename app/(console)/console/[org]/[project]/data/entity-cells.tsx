'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button'
import { Combobox } from '#components/ui/combobox'
import { Notice } from '#components/ui/notice'
import type { Cell } from '#contract/catalog/cells'
import type { Entity } from '#contract/data/entities'
import { useSetCellMember } from '#queries/data/entities'
import { type InCatalog, waysTo } from './catalog.ts'
import { Part } from './part.tsx'
import { useDataView } from './use-data-view.ts'

/** Why an entity is in a cell, in words. */
const reasonInWords = ({ membership }: Cell) =>
  membership ? `because of its ${membership.derivedFrom.property}` : 'added by hand'

/** The cells of an entity, each with its ancestors, and the actions on explicit cells. */
export function EntityCells({ org, project, env, catalog, write, entity }: InCatalog & { entity: Entity }) {
  const { show, view } = useDataView()
  const [chosen, setChosen] = useState<string | null>(null)
  const change = useSetCellMember({ org, project, env }, entity.id)
  const held = new Set(entity.cells)
  const known = catalog.cells.filter(({ name }) => held.has(name))
  // Cells that contain the entity directly, not through a descendant cell.
  const own = known.filter(({ name }) => !known.some(({ parentCells }) => parentCells.includes(name)))
  const open = catalog.cells.filter(
    (cell) => cell.entityType === entity.entityType && !cell.membership && !own.some(({ name }) => name === cell.name),
  )
  return (
    <Part title="Cells">
      {own.length === 0 && <p className="text-muted">Not in a cell. People and tokens limited to cells can’t see it.</p>}
      <ul aria-label="Cells that contain it" className="divide-y divide-line">
        {own.map((cell) => (
          <li key={cell.name} className="flex min-h-9 flex-wrap items-center gap-x-3 py-1">
            <div className="min-w-0 flex-1">
              {waysTo(cell.name, known, held).map((way) => (
                <div key={way.join('/')} className="flex flex-wrap items-center gap-x-1.5 font-mono text-xs">
                  {way.map((name, depth) => (
                    <span key={name} className="inline-flex items-center gap-1.5">
                      {depth > 0 && (
                        <span aria-label="contains" className="text-faint">
                          ›
                        </span>
                      )}
                      <button
                        type="button"
                        title={`Show the entities of ${name}`}
                        onClick={() => show({ env: view.env, tab: 'entities', cell: name })}
                        className="inline-flex min-h-6 items-center rounded-sm underline-offset-3 hover:underline"
                      >
                        {name}
                      </button>
                    </span>
                  ))}
                </div>
              ))}
            </div>
            <span className="text-xs text-faint">{reasonInWords(cell)}</span>
            {!cell.membership && (
              <Button
                size="sm"
                aria-label={`Remove from ${cell.name}`}
                disabledReason={write.reason}
                pending={change.isPending && change.variables.cell === cell.name}
                onClick={() => change.mutate({ cell: cell.name, member: false })}
              >
                Remove
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open.length > 0 && (
        <div className="mt-2 flex items-center gap-2">
          <div className="min-w-0 max-w-56 flex-1">
            <Combobox
              label="Cell to add it to"
              placeholder="Choose a cell"
              mono
              options={open.map(({ name }) => ({ value: name, label: name }))}
              value={chosen}
              onChange={setChosen}
            />
          </div>
          <Button
            disabledReason={write.reason ?? (chosen === null ? 'Choose a cell first' : null)}
            pending={change.isPending && change.variables.member}
            onClick={() => chosen !== null && change.mutate({ cell: chosen, member: true }, { onSuccess: () => setChosen(null) })}
          >
            Add to cell
          </Button>
        </div>
      )}
      {change.error && (
        <div className="mt-2">
          <Notice tone="warning">{change.error.message}</Notice>
        </div>
      )}
    </Part>
  )
}
