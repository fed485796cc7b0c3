'use client'

import type { ReactNode } from 'react'
import { useOpenAtOnce } from '#components/ui/first-touch'
import { Link } from '#components/ui/link'
import { Popover } from '#components/ui/popover'
import { paths } from '#contract/paths'
import { ConceptButton } from './concept-button.tsx'
import { CellDrawing, EntityTypeDrawing, NukeDrawing, ScopeDrawing } from './drawings.tsx'
import { type ConceptName, conceptNames } from './names.ts'

const cards: Record<ConceptName, { drawing: ReactNode; text: string }> = {
  cell: {
    drawing: <CellDrawing />,
    text: 'A cell groups entities of one type, in every environment. Entities are in it because somebody added them or because of a property. What is in a cell is also in the cells above it.',
  },
  scope: {
    drawing: <ScopeDrawing />,
    text: 'A scope limits a member or token to one environment, to some cells, or both. Everything else does not exist for them: not in lists, not in counts.',
  },
  entityType: {
    drawing: <EntityTypeDrawing />,
    text: 'An entity is one thing that you keep track of. Its type says which states and properties it has. Types are part of the catalog, and the same in every environment.',
  },
  nuke: {
    drawing: <NukeDrawing />,
    text: 'A nuke empties a project at once: its catalog and the data of every environment. Who has access stays as it is. For some days an undo brings everything back.',
  },
}

/** A card that opens as soon as it is there. */
export function OpenConcept({ of }: { of: ConceptName }) {
  const { drawing, text } = cards[of]
  return (
    <Popover trigger={<ConceptButton of={of} ref={useOpenAtOnce()} />} title={conceptNames[of]}>
      {drawing}
      <p className="text-pretty">{text}</p>
      <p className="mt-2">
        <Link href={paths.guideOf('concepts')}>All concepts</Link>
      </p>
    </Popover>
  )
}
