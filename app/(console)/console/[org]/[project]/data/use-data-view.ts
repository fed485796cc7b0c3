import { useSearchParams } from 'next/navigation'
import { createSerializer, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

export const tabs = ['entities', 'relationships'] as const

const inUrl = {
  env: parseAsString,
  tab: parseAsStringLiteral(tabs).withDefault('entities'),
  q: parseAsString.withDefault(''),
  type: parseAsString,
  state: parseAsString,
  cell: parseAsString,
  label: parseAsString,
  of: parseAsString,
  entity: parseAsString,
  relationship: parseAsString,
}
const serialize = createSerializer(inUrl)

/** Filters do not carry over to the other tab or to another environment. */
const noFilter = { q: null, type: null, state: null, cell: null, label: null, of: null }
const nothingOpen = { entity: null, relationship: null }

/** The environment, tab, filters and open panel, all kept in the URL. */
export function useDataView() {
  const [view, setView] = useQueryStates(inUrl)
  const search = useSearchParams()
  const { q, type, state, cell, label, of } = view
  const hrefOf = (change: Parameters<typeof setView>[0] & object) => serialize(search, change as Parameters<typeof serialize>[1])
  return {
    view,
    filtered: [q.trim() || null, type, state, cell, label, of].some((value) => value !== null),
    setView: (change: Partial<DataView>) => void setView(change),
    clear: () => void setView(noFilter),
    /** A real URL, so that it can open in another browser tab. */
    entityHref: (entity: string) => hrefOf({ ...nothingOpen, entity }),
    openEntity: (entity: string | null) =>
      void setView({ ...nothingOpen, entity }, { history: entity === null ? 'replace' : 'push' }),
    relationshipHref: (relationship: string) => hrefOf({ ...nothingOpen, relationship }),
    openRelationship: (relationship: string | null) =>
      void setView({ ...nothingOpen, relationship }, { history: relationship === null ? 'replace' : 'push' }),
    show: (change: Partial<DataView>) => void setView({ ...noFilter, ...nothingOpen, ...change }, { history: 'push' }),
  }
}

export type DataView = { [Name in keyof typeof inUrl]: ReturnType<(typeof inUrl)[Name]['parse']> }
