import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQueries } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { SidePanel } from '#components/ui/side-panel'
import { Skeleton } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import type { Secret } from '#contract/catalog/secrets'
import { secretsQuery } from '#queries/catalog/secrets'
import type { CatalogTabProps } from '../catalog-part.ts'
import { PanelSection } from '../part-panel.tsx'
import { ValueState } from './value-state.tsx'

const DeleteValueDialog = lazyDialog(() => import('./delete-secret-dialog.tsx').then((module) => module.DeleteValueDialog))
const SetValueDialog = lazyDialog(() => import('./set-value-dialog.tsx').then((module) => module.SetValueDialog))

interface SecretPanelProps extends CatalogTabProps {
  secret: Secret | undefined
  /** The names of the environments. */
  names: readonly string[]
  open: boolean
  onClose: () => void
  onDelete: (name: string) => void
}

/** One secret: the environments in which it has a value, and the actions to set or delete it. */
export function SecretPanel({ org, project, can, secret, names, open, onClose, onDelete }: SecretPanelProps) {
  return (
    <SidePanel
      open={open}
      onOpenChange={onClose}
      width="lg"
      title={secret ? <code className="text-base">{secret.name}</code> : 'No such secret'}
      description={secret?.description || undefined}
      footer={
        secret && (
          <Button
            variant="danger"
            icon={<Trash2 className="size-3.5" />}
            disabledReason={can ? can['secrets:write'].reason : 'Still loading'}
            onClick={() => onDelete(secret.name)}
          >
            Delete secret…
          </Button>
        )
      }
    >
      {secret ? (
        <div className="space-y-6">
          <DescriptionList
            items={[
              { label: 'Created', value: <Time value={secret.createdAt} /> },
              { label: 'Updated', value: <Time value={secret.updatedAt} /> },
            ]}
          />
          <PanelSection title="Values">
            <Values {...{ org, project, can, names }} name={secret.name} />
          </PanelSection>
        </div>
      ) : (
        <p className="text-muted">It isn’t in the catalog. It may have been deleted.</p>
      )}
    </SidePanel>
  )
}

type Open = null | { kind: 'set' | 'delete'; envName: string; replaces: boolean }

function Values({ org, project, can, names, name }: CatalogTabProps & { names: readonly string[]; name: string }) {
  const [dialog, setDialog] = useState<Open>(null)
  const lists = useQueries({ queries: names.map((envName) => secretsQuery(org, project, envName)) })
  const off = can ? can['secrets:set-value'].reason : 'Still loading'
  const close = () => setDialog(null)
  return (
    <>
      <ul aria-label={`Values of ${name}`} className="divide-y divide-line rounded-md border border-line">
        {names.map((envName, place) => {
          const slot = lists[place]?.data?.find((one) => one.name === name)
          const replaces = slot?.hasValue ?? false
          return (
            <li key={envName} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2">
              <code className="min-w-0 truncate text-xs font-medium">{envName}</code>
              <span className="mr-auto">{slot ? <ValueState setAt={slot.valueSetAt} /> : <Skeleton className="h-3 w-16" />}</span>
              {replaces && (
                <Button
                  size="sm"
                  variant="danger"
                  disabledReason={off}
                  aria-label={`Delete value in ${envName}…`}
                  onClick={() => setDialog({ kind: 'delete', envName, replaces })}
                >
                  Delete value…
                </Button>
              )}
              <Button
                size="sm"
                disabledReason={off}
                aria-label={`${replaces ? 'Replace' : 'Set'} value in ${envName}…`}
                onClick={() => setDialog({ kind: 'set', envName, replaces })}
              >
                {replaces ? 'Replace value…' : 'Set value…'}
              </Button>
            </li>
          )
        })}
      </ul>
      {dialog?.kind === 'set' && (
        <SetValueDialog {...{ org, project, name }} envName={dialog.envName} replaces={dialog.replaces} onClose={close} />
      )}
      {dialog?.kind === 'delete' && <DeleteValueDialog {...{ org, project, name }} envName={dialog.envName} onClose={close} />}
    </>
  )
}
