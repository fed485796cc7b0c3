import { useQuery } from '@tanstack/react-query'
import { environmentsQuery } from '#queries/projects/environments'
import { useEnvironmentInUrl } from './use-catalog-place.ts'

/** The environment shown: the one in the URL, else the default one, else the only one that this person sees. */
export function useEnvironment(org: string, project: string) {
  const { data: environments } = useQuery(environmentsQuery(org, project))
  const [chosen, setChosen] = useEnvironmentInUrl()
  const usual = environments?.find(({ isDefault }) => isDefault) ?? environments?.[0]
  return {
    /** Undefined while it is loading. */
    envName: chosen ?? usual?.name,
    setEnv: (name: string) => void setChosen(name === usual?.name ? null : name),
    names: environments?.map(({ name }) => name) ?? [],
  }
}
