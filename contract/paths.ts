const segment = encodeURIComponent

/** Every URL of the console, defined only here. */
export const paths = {
  login: (next?: string) => (next ? `/login?next=${segment(next)}` : '/login'),
  /** A URL of the API that redirects the browser to the sign-in provider. */
  providerSignIn: (next: string) => `/session/oidc?next=${segment(next)}`,
  proveAgain: '/session/oidc?again=true',
  /** Where a window ends that was sent to the provider to confirm who it is: reports to the browser's other windows. */
  provenAgain: '/login/again',
  forgotPassword: '/login/forgot',
  resetPassword: (token: string) => `/reset-password/${segment(token)}`,
  /** Where the first owner creates their account. */
  setUp: (token: string) => `/setup?token=${segment(token)}`,
  invitation: (token: string) => `/invite/${segment(token)}`,
  console: '/console',
  docs: '/docs',
  docsOf: (tag: string) => `/docs/${segment(tag)}`,
  /** `webhooks`, or a decision: `adr/0001-a-nuke-moves-a-generation`. */
  guideOf: (name: string) => `/docs/guide/${name}`,
  openApi: '/openapi.json',
  v1OpenApi: '/v1/openapi.json',
  projects: (org: string) => `/console/${segment(org)}`,
  organization: (org: string) => ({
    general: `/console/${segment(org)}/settings/general`,
    people: `/console/${segment(org)}/settings/people`,
    invite: `/console/${segment(org)}/settings/people?invite=true`,
    person: (userId: string) => `/console/${segment(org)}/settings/people/${segment(userId)}`,
    peopleNamed: (q: string) => `/console/${segment(org)}/settings/people?q=${segment(q)}`,
    accessReview: `/console/${segment(org)}/settings/access-review`,
    allAccess: `/console/${segment(org)}/settings/access-review/all`,
    audit: `/console/${segment(org)}/settings/audit`,
    personalTokens: `/console/${segment(org)}/settings/personal-tokens`,
    signIn: `/console/${segment(org)}/settings/sign-in`,
    sessions: `/console/${segment(org)}/settings/sessions`,
    deletedProjects: `/console/${segment(org)}/settings/deleted-projects`,
    webhooks: `/console/${segment(org)}/settings/webhooks`,
    webhook: (webhookId: string) => `/console/${segment(org)}/settings/webhooks/${segment(webhookId)}`,
  }),
  project: (org: string, project: string) => {
    const base = `/console/${segment(org)}/${segment(project)}`
    return {
      overview: base,
      members: `${base}/members`,
      member: (userId: string) => `${base}/members/${segment(userId)}`,
      membersNamed: (q: string) => `${base}/members?q=${segment(q)}`,
      /** The panel that changes their access. */
      memberPanel: (userId: string) => `${base}/members?member=${segment(userId)}`,
      tokens: `${base}/tokens`,
      createToken: `${base}/tokens?create=true`,
      accessReview: `${base}/access-review`,
      token: (tokenId: string) => `${base}/tokens/${segment(tokenId)}`,
      environments: `${base}/environments`,
      catalog: `${base}/catalog`,
      cells: `${base}/catalog?tab=cells`,
      cell: (name: string) => `${base}/catalog?tab=cells&open=${segment(name)}`,
      apply: `${base}/catalog/apply`,
      data: `${base}/data`,
      entity: (envName: string, entityId: string) => `${base}/data?env=${segment(envName)}&entity=${segment(entityId)}`,
      audit: `${base}/audit`,
      auditOf: (target: string) => `${base}/audit?target=${segment(target)}`,
      auditEvent: (eventId: string) => `${base}/audit?event=${segment(eventId)}`,
      settings: `${base}/settings`,
      nuke: `${base}/settings?nuke=true`,
      wipes: `${base}/settings/wipes`,
      wipe: (wipeId: string) => `${base}/settings/wipes?wipe=${segment(wipeId)}`,
    }
  },
}
