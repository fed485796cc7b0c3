'use client'

import { useState } from 'react'
import { ConfirmDialog, type ConfirmDialogProps } from '../ui/confirm-dialog.tsx'
import { RadioGroup } from '../ui/radio-group.tsx'

/** Seconds for which the old one still works; the API takes any number up to a week. */
const overlaps = { '0': null, '3600': 'one more hour', '86400': 'one more day', '604800': 'seven more days' }
type Overlap = keyof typeof overlaps
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `overlaps`
const seconds = Object.keys(overlaps) as Overlap[]

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)

interface RotateDialogProps extends Pick<ConfirmDialogProps, 'title' | 'description' | 'confirmLabel' | 'pending' | 'error'> {
  /** What is rotated: "token". */
  what: string
  /** What the old one does until the overlap ends, and no longer does then: "works". */
  still: string
  noLonger: string
  onClose: () => void
  /** With the overlap, and a note about the old one. */
  onRotate: (overlapSeconds: number, note: string) => void
}

/** Replaces a credential by a new one, and asks for how long the old one still works. */
export function RotateDialog({ what, still, noLonger, onClose, onRotate, ...dialog }: RotateDialogProps) {
  const [overlap, setOverlap] = useState<Overlap>('86400')
  const options = seconds.map((value) =>
    overlaps[value] === null
      ? { value, label: 'Ends immediately', hint: `Choose this if the old ${what} was leaked` }
      : { value, label: `${capital(still)} for ${overlaps[value]}` },
  )
  const span = overlaps[overlap]
  const note = `The old ${what} ${span === null ? `no longer ${noLonger}` : `${still} for ${span}`}.`
  return (
    <ConfirmDialog {...dialog} open onOpenChange={onClose} variant="primary" onConfirm={() => onRotate(Number(overlap), note)}>
      <RadioGroup label={`The old ${what}`} options={options} value={overlap} onChange={setOverlap} />
    </ConfirmDialog>
  )
}
