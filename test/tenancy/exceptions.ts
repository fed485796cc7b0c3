/** Queries that reach beyond one tenant, with the reason. Every other query names its tenant for each table that has one. */
export const spansTenants: Record<string, string> = {
  // Finds out who somebody is and where they belong, before the tenant is known.
  'db/queries/organizations/invitations.ts:findInvitation':
    'whoever holds its link, which is signed over the id, knows nothing else yet',
  'db/queries/organizations/organizations.ts:hasHome': 'whether somebody is at home in any organization',
  'db/queries/accounts/takeovers.ts:listOrganizationsOf': 'somebody’s own organizations, all of which hear of it',
  'db/queries/organizations/organizations.ts:findOrganizationToCreateIn': 'somebody’s own organisations (v1 names none)',
  'db/queries/organizations/organizations.ts:listOrganizations': 'somebody’s own organisations',
  'db/queries/v1/projects.ts:listProjectsOfUser': 'somebody’s own projects, of all organisations (v1 names none)',
  'db/queries/v1/reach.ts': 'which project an id of the v1 API is in, to judge whether the caller may know of it',
  'server/http/v1/resolve.ts:reach': 'the same of a project’s id: judged by what the caller is there',

  // Jobs that cover all organizations.
  'db/queries/audit/chain.ts:hasUnsealed': 'sealing: whether there is anything to do',
  'db/queries/audit/chain.ts:listUnsealedChains': 'sealing: which organisations’ chains have something to do',
  'db/queries/notices/expiry.ts:findExpiring': 'mail: what the job was told to tell of, if it still ends',
  'db/queries/notices/expiry.ts:listExpiryRecipients': 'mail: whom to tell of what was just claimed',
  'db/queries/notices/expiry.ts:note': 'mail: claims what ends soon, wherever it is',
  'db/queries/limits/quotas.ts:measureRows': 'quotas: counts the rows of every organisation',
  'db/queries/webhooks/deliveries.ts:claimDeliveries': 'webhooks: claims what is due, whoever’s it is',
  'db/queries/webhooks/deliveries.ts:deleteDeliveriesBelow': 'webhooks: forgets what is old',
  'db/queries/nuke/purges.ts:listOrganizationsToPurge': 'purge: whose turn it may be',
  'db/queries/nuke/purges.ts:claimPurge': 'purge: claims the next wipe whose time is over, by turns of the organizations',
  'db/queries/nuke/purges.ts:claimExpiredProject': 'purge: the same of a deleted project',

  // The command line, for operators of the server.
  'db/queries/audit/chain.ts:listChains': 'audit verify: every chain',
  'db/queries/projects/projects.ts:listAllProjects': 'check: every project',
  'db/queries/crypto/sealing-canary.ts:listKeysInUse': 'every start: whether this server’s secret sealed anything there is',
  'db/queries/catalog/secrets.ts:countValuesNotSealedBy': 'rotate-secrets: how many are left',
  'db/queries/catalog/secrets.ts:listValuesSealedBy': 'rotate-secrets: seals everything anew',
  'db/queries/webhooks/webhooks.ts:listSealedSecrets': 'rotate-secrets: seals everything anew',
}
