'use client'

import { useFirstTouch } from '#components/ui/first-touch'
import { ConceptButton } from './concept-button.tsx'
import type { ConceptName } from './names.ts'

const load = () => import('./open-concept.tsx').then((module) => module.OpenConcept)

/** "?" beside a word: opens a short card with a drawing. The card's code is fetched when the button is first touched. */
export function Concept({ of }: { of: ConceptName }) {
  const { Control, touch } = useFirstTouch(load)
  return Control ? <Control of={of} /> : <ConceptButton of={of} aria-haspopup="dialog" aria-expanded={false} {...touch} />
}
