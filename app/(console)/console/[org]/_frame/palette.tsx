import { CommandPalette } from '#components/frame/command-palette'
import type { PaletteWindow } from '#components/frame/console-frame'
import { type Actions, useActions } from './use-actions.tsx'
import { usePalette } from './use-palette.tsx'

/** The palette with all that it finds and does. Its code comes when it is first opened. */
export function OrganizationPalette({ onClose, takeTyped, ...here }: PaletteWindow & Actions) {
  const { org, project } = here
  const palette = usePalette({ org, project, actions: useActions(here) })
  return <CommandPalette {...palette} onClose={onClose} takeTyped={takeTyped} />
}
