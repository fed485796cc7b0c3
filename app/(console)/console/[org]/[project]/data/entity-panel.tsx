'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { stringify } from 'yaml'
import { ConfirmCall } from '#components/ui/confirm-call'
import { CopyTextButton } from '#components/ui/copy-button'
import { Notice } from '#components/ui/notice'
import { SidePanel } from '#components/ui/side-panel'
import { SkeletonText } from '#components/ui/skeleton'
import type { Entity } from '#contract/data/entities'
import type { EntityType } from '#contract/catalog/entity-types'
import type { Tagged } from '#queries/call'
import { entityQuery, type InEnvironment, useDeleteEntity, useUpdateEntity } from '#queries/data/entities'
import type { InCatalog } from './catalog.ts'
import { statesOf } from './catalog.ts'
import { EntityDetails } from './entity-details.tsx'
import { PanelActions } from './panel-actions.tsx'

const CreateRelationshipDialog = lazyDialog(() =>
  import('./create-relationship-dialog.tsx').then((module) => module.CreateRelationshipDialog),
)
const EditDialog = lazyDialog(() => import('./edit-dialog.tsx').then((module) => module.EditDialog))

/** The entity as a document to apply. */
const yamlOf = ({ kind, entityType, name, state, properties, labels }: Entity) =>
  stringify({ kind, entityType, name, state, properties, labels })

type Open = null | 'edit' | 'delete' | 'relate'

/** One entity in full, and its actions. */
export function EntityPanel({ id, onClose, ...at }: InCatalog & { id: string; onClose: () => void }) {
  const { org, project, env, catalog, write } = at
  const [open, setOpen] = useState<Open>(null)
  const entity = useQuery({ ...entityQuery({ org, project, env }, id), retry: false })
  const item = entity.data?.item
  const type = catalog.types.find(({ name }) => name === item?.entityType)
  const close = () => setOpen(null)
  return (
    <SidePanel
      open
      onOpenChange={onClose}
      width="lg"
      title={item?.name ?? 'Entity'}
      description={
        item && (
          <>
            {item.entityType} in <code>{item.envName}</code>
          </>
        )
      }
      footer={
        item && (
          <>
            <div className="mr-auto">
              <CopyTextButton text={yamlOf(item)} what="as YAML" />
            </div>
            <PanelActions reason={write.reason} onDelete={() => setOpen('delete')} onEdit={() => setOpen('edit')} />
          </>
        )
      }
    >
      {entity.isPending && <SkeletonText label="Loading entity" lines={8} />}
      {!item && entity.error && (
        <Notice tone="warning">
          {entity.error.status === 404 ? `This entity isn’t in ${env}, or you don’t have access to it.` : entity.error.message}
        </Notice>
      )}
      {item && <EntityDetails {...at} entity={item} type={type} onRelate={() => setOpen('relate')} />}
      {open === 'edit' && entity.data && type && (
        <EditEntity {...{ org, project, env, type }} current={entity.data} onClose={close} />
      )}
      {open === 'relate' && item && <CreateRelationshipDialog {...at} from={item} onClose={close} />}
      {open === 'delete' && item && <DeleteEntity {...{ org, project, env }} entity={item} onClose={close} onDeleted={onClose} />}
    </SidePanel>
  )
}

interface DeleteEntityProps extends InEnvironment {
  entity: Entity
  onClose: () => void
  onDeleted: () => void
}

function DeleteEntity({ entity: { id, name }, onClose, onDeleted, ...at }: DeleteEntityProps) {
  return (
    <ConfirmCall
      title={`Delete ${name}?`}
      description="This permanently deletes the entity and removes it from its cells. If it has relationships, delete them first."
      confirmLabel="Delete entity"
      call={useDeleteEntity(at, id)}
      sent={undefined}
      toast={`${name} was deleted`}
      onClose={onClose}
      onDone={onDeleted}
    />
  )
}

interface EditEntityProps extends InEnvironment {
  type: EntityType
  current: Tagged<Entity>
  onClose: () => void
}

function EditEntity({ type, current, onClose, ...at }: EditEntityProps) {
  const update = useUpdateEntity(at, current.item.id)
  return <EditDialog name={current.item.name} states={statesOf(type)} {...{ type, current, update, onClose }} />
}
