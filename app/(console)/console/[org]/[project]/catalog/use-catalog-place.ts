import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs'

export const tabs = ['types', 'cells', 'relationship-types', 'secrets', 'revisions'] as const
export type CatalogTab = (typeof tabs)[number]

const inUrl = {
  tab: parseAsStringLiteral(tabs).withDefault('types').withOptions({ history: 'push' }),
  open: parseAsString,
  page: parseAsString,
}

/** The tab, and the part of the catalog whose panel is open; both in the URL. */
export function useCatalogPlace() {
  const [{ tab, open }, set] = useQueryStates(inUrl)
  return {
    tab,
    open,
    toTab: (next: CatalogTab) => void set({ tab: next, open: null, page: null }),
    /** From one part to another, of the same tab or of another. */
    toPart: (name: string | null, of: CatalogTab = tab) => void set({ tab: of, open: name }),
  }
}

/** The environment whose figures are shown; in the URL. */
export const useEnvironmentInUrl = () => useQueryState('env', parseAsString)
