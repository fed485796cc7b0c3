import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { yamlOf } from '#components/catalog/catalog-document'
import { useDraft } from '#components/catalog/use-draft'
import { cellsQuery } from '#queries/catalog/cells'
import { entityTypesQuery } from '#queries/catalog/entity-types'
import { relationshipTypesQuery } from '#queries/catalog/relationship-types'
import { sampleDocument } from './sample-document.ts'

/** `?edit=Cell/europe` edits a part of the catalog, `?edit=sample` the sample; absent, a document of the user's own. */
const inUrl = parseAsString.withDefault('')

const partOf = (edit: string) => /^(EntityType|Cell|RelationshipType)\/(.+)$/s.exec(edit)

/** The editor's text: what the user typed, else what the URL asks for. Each part of the catalog has its own draft. */
export function useDocument(org: string, project: string) {
  const [edit] = useQueryState('edit', inUrl)
  const [draft, setDraft] = useDraft(`apply ${org}/${project} ${edit}`)
  const [, kind, name] = partOf(edit) ?? []
  const types = useQuery({ ...entityTypesQuery(org, project), enabled: kind === 'EntityType' })
  const cells = useQuery({ ...cellsQuery(org, project), enabled: kind === 'Cell' })
  const relationshipTypes = useQuery({ ...relationshipTypesQuery(org, project), enabled: kind === 'RelationshipType' })
  const listed = { EntityType: types, Cell: cells, RelationshipType: relationshipTypes }[kind ?? ''] ?? null
  const found = listed?.data?.find((one) => one.name === name)
  const given = edit === 'sample' ? sampleDocument : found ? yamlOf([found]) : ''
  return {
    text: draft ?? given,
    setText: setDraft,
    /** The text is the user's own, and is kept in this tab only. */
    isTyped: draft !== null && draft.trim() !== '',
    /** After an apply, the editor shows the catalog's own text again. The user's own document stays. */
    forget: () => edit !== '' && setDraft(null),
    /** The edited part, for the heading; undefined for the user's own document. */
    editing: name,
    loading: draft === null && listed !== null && listed.isPending,
    missing: draft === null && listed?.data !== undefined && !found,
    error: draft === null ? listed?.error : null,
  }
}
