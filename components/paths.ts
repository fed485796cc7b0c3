const segment = encodeURIComponent

/** Every URL of the console, spelled once. */
export const paths = {
  login: (next?: string) => (next ? `/login?next=${segment(next)}` : '/login'),
  invitation: (token: string) => `/invite/${segment(token)}`,
  console: '/console',
  docs: '/docs',
  openApi: '/openapi.json',
  v1OpenApi: '/v1/openapi.json',
  projects: (org: string) => `/console/${segment(org)}`,
  organization: (org: string) => ({
    general: `/console/${segment(org)}/settings/general`,
    people: `/console/${segment(org)}/settings/people`,
    personalTokens: `/console/${segment(org)}/settings/personal-tokens`,
    signIn: `/console/${segment(org)}/settings/sign-in`,
    sessions: `/console/${segment(org)}/settings/sessions`,
    deletedProjects: `/console/${segment(org)}/settings/deleted-projects`,
  }),
  project: (org: string, project: string) => {
    const base = `/console/${segment(org)}/${segment(project)}`
    return {
      overview: base,
      members: `${base}/members`,
      member: (userId: string) => `${base}/members/${segment(userId)}`,
      tokens: `${base}/tokens`,
      token: (tokenId: string) => `${base}/tokens/${segment(tokenId)}`,
      environments: `${base}/environments`,
      catalog: `${base}/catalog`,
      apply: `${base}/catalog/apply`,
      data: `${base}/data`,
      audit: `${base}/audit`,
      settings: `${base}/settings`,
      wipes: `${base}/settings/wipes`,
    }
  },
}
