import { FilePen, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { yamlOf } from '#components/catalog/catalog-document'
import { YamlView } from '#components/catalog/yaml-view'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { ButtonLink } from '#components/ui/link'
import { SidePanel } from '#components/ui/side-panel'
import { useToast } from '#components/ui/toast'
import type { Kind } from '#contract/apply/apply'
import { paths } from '#contract/paths'
import type { CatalogTabProps } from './catalog-part.ts'

interface PartPanelProps extends CatalogTabProps {
  /** The kind in words: "entity type". */
  what: string
  part: { kind: Kind; name: string; displayName: string } | undefined
  open: boolean
  onClose: () => void
  remove: {
    mutate: (name: string, options: { onSuccess: () => void }) => void
    reset: () => void
    isPending: boolean
    error: { message: string } | null
  }
  /** What deleting it means, in a sentence. */
  removal: string
  /** What to decide before deleting it, and why it cannot be deleted yet. */
  question?: { content: ReactNode; disabledReason: string | null } | undefined
  children: ReactNode
}

/** One part of the catalog in full: its facts, its document, and its actions. */
export function PartPanel({ org, project, can, what, part, open, onClose, remove, ...props }: PartPanelProps) {
  const { removal, question, children } = props
  const toast = useToast()
  const [asked, setAsked] = useState(false)
  const close = () => {
    setAsked(false)
    remove.reset()
  }
  return (
    <SidePanel
      open={open}
      onOpenChange={onClose}
      width="lg"
      title={part ? <code className="text-base">{part.name}</code> : `No such ${what}`}
      description={part && part.displayName !== part.name ? part.displayName : undefined}
      footer={
        part && (
          <>
            <Button
              variant="danger"
              icon={<Trash2 className="size-3.5" />}
              disabledReason={can ? can['catalog:write'].reason : 'Still loading'}
              onClick={() => setAsked(true)}
            >
              Delete…
            </Button>
            <EditLink {...{ org, project, can }} part={part} />
          </>
        )
      }
    >
      {part ? (
        <div className="space-y-6">
          {children}
          <PanelSection title="As a document">
            <YamlView text={yamlOf([part])} label={`YAML of ${part.name}`} />
          </PanelSection>
          <ConfirmDialog
            open={asked}
            onOpenChange={close}
            title={`Delete the ${what} ${part.name}?`}
            description={removal}
            confirmLabel={`Delete ${what}`}
            pending={remove.isPending}
            error={question ? null : remove.error?.message}
            disabledReason={question?.disabledReason ?? null}
            onConfirm={() =>
              remove.mutate(part.name, {
                onSuccess: () => {
                  close()
                  onClose()
                  toast(`The ${what} ${part.name} was deleted`)
                },
              })
            }
          >
            {question?.content}
          </ConfirmDialog>
        </div>
      ) : (
        <p className="text-muted">It isn’t in the catalog. It may have been deleted.</p>
      )}
    </SidePanel>
  )
}

function EditLink({ org, project, can, part }: CatalogTabProps & { part: { kind: Kind; name: string } }) {
  const icon = <FilePen className="size-3.5" />
  const reason = can ? can['apply:write'].reason : 'Still loading'
  if (reason !== null) {
    return (
      <Button icon={icon} disabledReason={reason}>
        Edit as YAML
      </Button>
    )
  }
  const edit = encodeURIComponent(`${part.kind}/${part.name}`)
  return (
    <ButtonLink icon={icon} href={`${paths.project(org, project).apply}?edit=${edit}`}>
      Edit as YAML
    </ButtonLink>
  )
}

/** A titled part of a panel. */
export function PanelSection({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{title}</h3>
        {actions}
      </div>
      {children}
    </div>
  )
}
