import { Pencil, Trash2 } from 'lucide-react'
import { Button } from '#components/ui/button'

interface PanelActionsProps {
  /** Why neither action is allowed; null when both are. */
  reason: string | null
  onDelete: () => void
  onEdit: () => void
}

/** The actions on what the panel shows. */
export function PanelActions({ reason, onDelete, onEdit }: PanelActionsProps) {
  return (
    <>
      <Button variant="danger" icon={<Trash2 className="size-3.5" />} disabledReason={reason} onClick={onDelete}>
        Delete…
      </Button>
      <Button variant="primary" icon={<Pencil className="size-3.5" />} disabledReason={reason} onClick={onEdit}>
        Edit
      </Button>
    </>
  )
}
