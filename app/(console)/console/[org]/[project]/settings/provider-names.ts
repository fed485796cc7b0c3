import type { z } from 'zod'
import type { CreateRepoLink } from '#contract/projects/repo-links'

type Provider = z.infer<typeof CreateRepoLink>['provider']

export const providerNames = { github: 'GitHub', gitlab: 'GitLab', bitbucket: 'Bitbucket', gitea: 'Gitea' } satisfies Record<
  Provider,
  string
>

/** "GitHub" for `github`. */
export const providerName = (provider: string) => (provider in providerNames ? providerNames[provider as Provider] : provider)
