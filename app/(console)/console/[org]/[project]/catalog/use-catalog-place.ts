import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs'

export const tabs = ['types', 'cells', 'relationship-types', 'secrets', 'revisions'] as const
export type CatalogTab = (typeof tabs)[number]

const inUrl = {
  tab: parseAsStringLiteral(tabs).withDefault('types').withOptions({ history: 'push' }),
  open: parseAsString,
  page: parseAsString,
}

/** The tab and the open part of the catalog, both kept in the URL. */
export function useCatalogPlace() {
  const [{ tab, open }, set] = useQueryStates(inUrl)
  return {
    tab,
    open,
    toTab: (next: CatalogTab) => void set({ tab: next, open: null, page: null }),
    /** Opens another part, in the same tab or another. */
    toPart: (name: string | null, of: CatalogTab = tab) => void set({ tab: of, open: name }),
  }
}

/** The environment whose figures are shown, kept in the URL. */
export const useEnvironmentInUrl = () => useQueryState('env', parseAsString)
