'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmCall } from '#components/ui/confirm-call'
import { Notice } from '#components/ui/notice'
import { SidePanel } from '#components/ui/side-panel'
import { SkeletonText } from '#components/ui/skeleton'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import type { Relationship } from '#contract/data/relationships'
import type { Tagged } from '#queries/call'
import type { InEnvironment } from '#queries/data/entities'
import { relationshipQuery, useDeleteRelationship, useUpdateRelationship } from '#queries/data/relationships'
import type { InCatalog } from './catalog.ts'
import { RelationshipDetails } from './relationship-details.tsx'
import { PanelActions } from './panel-actions.tsx'

const EditDialog = lazyDialog(() => import('./edit-dialog.tsx').then((module) => module.EditDialog))

/** One relationship in full, and its actions. */
export function RelationshipPanel({
  id,
  org,
  project,
  env,
  catalog,
  write,
  onClose,
}: InCatalog & { id: string; onClose: () => void }) {
  const [open, setOpen] = useState<null | 'edit' | 'delete'>(null)
  const relationship = useQuery({ ...relationshipQuery({ org, project, env }, id), retry: false })
  const item = relationship.data?.item
  const type = catalog.relationshipTypes.find(({ name }) => name === item?.relationshipType)
  const close = () => setOpen(null)
  return (
    <SidePanel
      open
      onOpenChange={onClose}
      title={item ? `${item.from.name} → ${item.to.name}` : 'Relationship'}
      description={
        item && (
          <>
            {item.relationshipType} in <code>{item.envName}</code>
          </>
        )
      }
      footer={item && <PanelActions reason={write.reason} onDelete={() => setOpen('delete')} onEdit={() => setOpen('edit')} />}
    >
      {relationship.isPending && <SkeletonText label="Loading relationship" lines={6} />}
      {!item && relationship.error && (
        <Notice tone="warning">
          {relationship.error.status === 404
            ? `This relationship isn’t in ${env}, or you don’t have access to both of its entities.`
            : relationship.error.message}
        </Notice>
      )}
      {item && <RelationshipDetails relationship={item} type={type} />}
      {open === 'edit' && relationship.data && type && (
        <EditRelationship {...{ org, project, env, type }} current={relationship.data} onClose={close} />
      )}
      {open === 'delete' && item && (
        <DeleteRelationship {...{ org, project, env }} relationship={item} onClose={close} onDeleted={onClose} />
      )}
    </SidePanel>
  )
}

interface DeleteRelationshipProps extends InEnvironment {
  relationship: Relationship
  onClose: () => void
  onDeleted: () => void
}

function DeleteRelationship({ relationship: { id, from, to, relationshipType }, ...props }: DeleteRelationshipProps) {
  const { onClose, onDeleted, ...at } = props
  return (
    <ConfirmCall
      title={`Delete ${from.name} ${relationshipType} ${to.name}?`}
      description="This permanently deletes the relationship. Both entities stay."
      confirmLabel="Delete relationship"
      call={useDeleteRelationship(at, id)}
      sent={undefined}
      toast={`${from.name} ${relationshipType} ${to.name} was deleted`}
      onClose={onClose}
      onDone={onDeleted}
    />
  )
}

interface EditRelationshipProps extends InEnvironment {
  type: RelationshipType
  current: Tagged<Relationship>
  onClose: () => void
}

function EditRelationship({ type, current, onClose, ...at }: EditRelationshipProps) {
  const { id, from, to } = current.item
  const update = useUpdateRelationship(at, id)
  return <EditDialog name={`${from.name} → ${to.name}`} states={type.states} {...{ type, current, update, onClose }} />
}
