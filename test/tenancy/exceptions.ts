/** Queries that reach beyond one tenant, with the reason. Every other query names its tenant for each table that has one. */
export const spansTenants: Record<string, string> = {
  // Finds out who somebody is and where they belong, before the tenant is known.
  'db/queries/organizations/invitations.ts:findInvitation': 'the holder of a link knows only the id, which the link signs',
  'db/queries/organizations/organizations.ts:hasHome': 'whether an organization is a person’s home',
  'db/queries/accounts/takeovers.ts:listOrganizationsOf': 'a person’s own organizations, which are all notified',
  'db/queries/organizations/organizations.ts:findOrganizationToCreateIn': 'a person’s own organizations (v1 names none)',
  'db/queries/organizations/organizations.ts:listOrganizations': 'a person’s own organizations',
  'db/queries/v1/projects.ts:listProjectsOfUser': 'a person’s own projects, of all organizations (v1 names none)',
  'db/queries/v1/reach.ts': 'which project an id of the v1 API belongs to, to check whether the caller can see it',
  'server/http/v1/resolve.ts:reach': 'the same for a project’s id, checked against the caller’s role there',

  // Jobs that cover all organizations.
  'db/queries/audit/chain.ts:hasUnsealed': 'sealing: whether there is anything to do',
  'db/queries/audit/chain.ts:listUnsealedChains': 'sealing: which organizations’ chains have something to do',
  'db/queries/notices/expiry.ts:findExpiring': 'mail: the expiry that the job announces, if it still applies',
  'db/queries/notices/expiry.ts:listExpiryRecipients': 'mail: the recipients of the expiries just claimed',
  'db/queries/notices/expiry.ts:note': 'mail: claims what expires soon, in all organizations',
  'db/queries/limits/quotas.ts:measureRows': 'quotas: counts the rows of every organization',
  'db/queries/metrics.ts': 'metrics: what waits, and the largest organizations',
  'db/queries/webhooks/deliveries.ts:claimDeliveries': 'webhooks: claims due deliveries of all organizations',
  'db/queries/webhooks/deliveries.ts:deleteDeliveriesBelow': 'webhooks: deletes old deliveries',
  'db/queries/nuke/purges.ts:listOrganizationsToPurge': 'purge: whose turn it is',
  'db/queries/nuke/purges.ts:claimPurge': 'purge: claims the next wipe whose time is over, by turns of the organizations',
  'db/queries/nuke/purges.ts:claimExpiredProject': 'purge: claims the next deleted project whose time is over',

  // The command line, for operators of the server.
  'db/queries/audit/chain.ts:listChains': 'audit verify: every chain',
  'db/queries/projects/projects.ts:listAllProjects': 'check: every project',
  'demo/past.ts:moveOrganizationIntoThePast': 'demo: ages what its own transaction has just written',
  'demo/past.ts:moveIntoThePast': 'demo: ages the project that its own transaction has just created',
  'db/dump/load.ts:assertEmpty': 'restore: whether anything is there',
  'db/queries/crypto/sealing-canary.ts:listKeysInUse': 'every start: whether this server’s secret sealed anything there is',
  'db/queries/catalog/secrets.ts:countValuesNotSealedBy': 'rotate-secrets: how many are left',
  'db/queries/catalog/secrets.ts:listValuesSealedBy': 'rotate-secrets: re-encrypts every value',
  'db/queries/webhooks/webhooks.ts:listSealedSecrets': 'rotate-secrets: re-encrypts every value',
}
