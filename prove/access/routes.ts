/**
 * Every route and who may call it, in the words of `classes.ts`. `, in a browser` = only with a session: a token gets 403
 * where a session would be let in. Routes that the documents do not name follow their neighbors; the reason stands behind them.
 */
export const routes: Record<string, string> = {
  // Sign-in routes, and those that reveal nobody
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /openapi.json': 'anyone',
  'GET /v1/openapi.json': 'anyone',
  'POST /setup/owner': 'anyone', // The printed link is the proof.
  'POST /session': 'anyone',
  'POST /session/second-factor': 'anyone',
  'POST /session/second-factor/options': 'anyone',
  'POST /session/passkey': 'anyone',
  'POST /session/passkey/options': 'anyone',
  'GET /session/oidc': 'anyone',
  'GET /session/oidc/callback': 'anyone',
  'POST /password-resets': 'anyone',
  'GET /password-resets/{token}': 'anyone', // The mailed link is the proof.
  'POST /password-resets/{token}': 'anyone',
  'GET /invitations/{token}': 'holds the link',
  // Takes a name and a password to create the account that the link is for. A caller signed in as another is refused.
  'POST /invitations/{token}/accept': 'joins as somebody new',

  // The caller themselves
  'GET /me': 'a person', // A token is no person.
  'GET /orgs': 'signed in',
  'GET /me/notices': 'a person', // Owners are notified.
  'GET /me/notices/unread': 'a person',
  'POST /me/notices/read': 'a person',
  'PATCH /me/notices/{noticeId}': 'a person',
  // Ways to sign in are managed in the person's own browser, like personal tokens (reference 5.3).
  'GET /me/factors': 'signed in, in a browser',
  'GET /me/sign-in-methods': 'signed in, in a browser',
  'POST /me/identities': 'signed in, in a browser',
  'DELETE /me/identities/{identityId}': 'signed in, in a browser',
  'POST /me/passkeys': 'signed in, in a browser',
  'POST /me/passkeys/options': 'signed in, in a browser',
  'PATCH /me/passkeys/{passkeyId}': 'signed in, in a browser',
  'DELETE /me/passkeys/{passkeyId}': 'signed in, in a browser',
  'PUT /me/password': 'signed in, in a browser',
  'POST /me/reauthentication': 'signed in, in a browser',
  'POST /me/reauthentication/options': 'signed in, in a browser',
  'POST /me/recovery-codes': 'signed in, in a browser',
  'GET /me/sessions': 'signed in, in a browser',
  'DELETE /me/sessions': 'signed in, in a browser',
  'DELETE /me/sessions/{sessionId}': 'signed in, in a browser',
  'POST /me/totp': 'signed in, in a browser',
  'DELETE /me/totp': 'signed in, in a browser',
  'POST /me/totp/confirmation': 'signed in, in a browser',
  'DELETE /me/view-as': 'signed in, in a browser',

  // Organizations
  'GET /orgs/{orgId}': 'in the organization',
  'GET /orgs/{orgId}/access': 'in the organization',
  'GET /orgs/{orgId}/usage': 'of the organization', // It counts people, whom a project token must not see.
  'GET /orgs/{orgId}/projects': 'in the organization',
  'GET /orgs/{orgId}/project-summaries': 'in the organization', // The same list, with counts.
  'GET /orgs/{orgId}/members': 'of the organization', // A project token knows only its project.
  'GET /orgs/{orgId}/personal-tokens': 'of the organization, in a browser',
  'POST /orgs/{orgId}/personal-tokens': 'of the organization, in a browser',
  'PATCH /orgs/{orgId}/personal-tokens/{tokenId}': 'of the organization, in a browser',
  'DELETE /orgs/{orgId}/personal-tokens/{tokenId}': 'of the organization, in a browser',
  'POST /orgs/{orgId}/member-changes': 'row by row, giving', // Each row is authorized as its own request.
  'PATCH /orgs/{orgId}': 'administers the organization',
  'GET /orgs/{orgId}/token-lifetimes': 'administers the organization',
  'PATCH /orgs/{orgId}/members/{userId}': 'administers the organization',
  'GET /orgs/{orgId}/members/{userId}/made': 'administers the organization, or oneself',
  'DELETE /orgs/{orgId}/members/{userId}': 'administers the organization, or oneself',
  'POST /orgs/{orgId}/projects': 'administers the organization',
  'POST /orgs/{orgId}/sample-project': 'administers the organization', // It creates a project.
  'GET /orgs/{orgId}/deleted-projects': 'administers the organization',
  'POST /orgs/{orgId}/projects/{projectId}/restore': 'administers the organization',
  'GET /orgs/{orgId}/invitations': 'administers the organization',
  'POST /orgs/{orgId}/invitations': 'administers the organization',
  'DELETE /orgs/{orgId}/invitations/{invitationId}': 'administers the organization',
  'POST /orgs/{orgId}/invitations/{invitationId}/resend': 'administers the organization',
  'GET /orgs/{orgId}/access-review': 'administers the organization', // It reviews people, so it is for callers who change them.
  'GET /orgs/{orgId}/access-review/export': 'administers the organization',
  // Webhooks carry the audit events of all projects.
  'GET /orgs/{orgId}/webhooks': 'administers the organization',
  'POST /orgs/{orgId}/webhooks': 'administers the organization',
  'GET /orgs/{orgId}/webhooks/{webhookId}': 'administers the organization',
  'PATCH /orgs/{orgId}/webhooks/{webhookId}': 'administers the organization',
  'DELETE /orgs/{orgId}/webhooks/{webhookId}': 'administers the organization',
  'GET /orgs/{orgId}/webhooks/{webhookId}/deliveries': 'administers the organization',
  'POST /orgs/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': 'administers the organization',
  'POST /orgs/{orgId}/webhooks/{webhookId}/rotate-secret': 'administers the organization',
  'POST /orgs/{orgId}/webhooks/{webhookId}/test': 'administers the organization',

  // Projects
  'GET /orgs/{orgId}/projects/{projectId}': 'reads the project',
  'PUT /orgs/{orgId}/projects/{projectId}': 'administers',
  'DELETE /orgs/{orgId}/projects/{projectId}': 'administers',
  'GET /orgs/{orgId}/projects/{projectId}/access': 'reads the project',
  'GET /orgs/{orgId}/projects/{projectId}/access-review': 'administers', // As in the organization: for callers who change members.
  'GET /orgs/{orgId}/projects/{projectId}/access-review/export': 'administers',
  'POST /orgs/{orgId}/projects/{projectId}/view-as': 'administers, in a browser', // Viewing is bound to a session.
  'GET /orgs/{orgId}/projects/{projectId}/protection': 'reads the project',
  'PUT /orgs/{orgId}/projects/{projectId}/protection': 'owns',
  'GET /orgs/{orgId}/projects/{projectId}/members': 'reads the project',
  'POST /orgs/{orgId}/projects/{projectId}/members': 'administers, giving',
  'GET /orgs/{orgId}/projects/{projectId}/members/{userId}': 'reads the project',
  'GET /orgs/{orgId}/projects/{projectId}/members/{userId}/made': 'administers, or oneself',
  'PATCH /orgs/{orgId}/projects/{projectId}/members/{userId}': 'administers, giving',
  'DELETE /orgs/{orgId}/projects/{projectId}/members/{userId}': 'administers, or oneself',
  'PUT /orgs/{orgId}/projects/{projectId}/members/{userId}/cell-scopes': 'administers, giving',
  'GET /orgs/{orgId}/projects/{projectId}/wipes': 'administers', // Part of nuke and undo.
  'POST /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}/restore': 'administers',
  'DELETE /{o}/{p}/nuke': 'nukes',
  'GET /{o}/{p}/nuke/preview': 'administers',
  'GET /{o}/{p}/audit-events': 'administers',
  'GET /{o}/{p}/audit-events/chain': 'administers',
  'GET /{o}/{p}/audit-events/export': 'administers',
  'GET /{o}/{p}/repo-links': 'reads the project',
  'POST /{o}/{p}/repo-links': 'administers', // A project setting.
  'DELETE /{o}/{p}/repo-links/{linkId}': 'administers',
  'GET /{o}/{p}/scope-preview': 'administers', // For the panel that sets a member's cells.
  'GET /orgs/{orgId}/projects/{projectId}/tokens': 'administers',
  'POST /orgs/{orgId}/projects/{projectId}/tokens': 'administers, giving',
  'PATCH /orgs/{orgId}/projects/{projectId}/tokens/{tokenId}': 'administers, giving',
  'DELETE /orgs/{orgId}/projects/{projectId}/tokens/{tokenId}': 'administers',
  'POST /orgs/{orgId}/projects/{projectId}/tokens/{tokenId}/rotate': 'administers, giving',
  'GET /{o}/{p}/tokens': 'administers',
  'POST /{o}/{p}/tokens': 'administers, giving',
  'PATCH /{o}/{p}/tokens/{tokenId}': 'administers, giving',
  'DELETE /{o}/{p}/tokens/{tokenId}': 'administers',
  'POST /{o}/{p}/tokens/{tokenId}/rotate': 'administers, giving',

  // The catalog is shared by all environments and cells, so scopes do not limit reading it
  'GET /{o}/{p}/environments': 'reads the project',
  'POST /{o}/{p}/environments': 'administers',
  'DELETE /{o}/{p}/environments/{envName}': 'administers',
  'GET /{o}/{p}/entity-types': 'reads the project',
  'POST /{o}/{p}/entity-types': 'administers',
  'GET /{o}/{p}/entity-types/{name}': 'reads the project',
  'PUT /{o}/{p}/entity-types/{name}': 'administers',
  'DELETE /{o}/{p}/entity-types/{name}': 'administers',
  'GET /{o}/{p}/cells': 'reads the project',
  'POST /{o}/{p}/cells': 'administers',
  'GET /{o}/{p}/cells/{name}': 'reads the project',
  'PUT /{o}/{p}/cells/{name}': 'administers',
  'DELETE /{o}/{p}/cells/{name}': 'administers',
  'GET /{o}/{p}/relationship-types': 'reads the project',
  'POST /{o}/{p}/relationship-types': 'administers',
  'GET /{o}/{p}/relationship-types/{name}': 'reads the project',
  'PUT /{o}/{p}/relationship-types/{name}': 'administers',
  'DELETE /{o}/{p}/relationship-types/{name}': 'administers',
  'GET /{o}/{p}/catalog-revisions': 'reads the project',
  'GET /{o}/{p}/catalog-revisions/{revisionId}': 'reads the project',
  'GET /{o}/{p}/catalog-revisions/{revisionId}/diff': 'reads the project',
  'POST /{o}/{p}/catalog-revisions/{revisionId}/apply': 'administers',
  'POST /{o}/{p}/envs/{envName}/apply': 'administers',
  'POST /{o}/{p}/import': 'administers', // It applies a whole project.

  // Data: lists and counts omit what is out of scope; a single item out of scope is answered as not found
  'GET /{o}/{p}/stats': 'reads the project',
  'GET /{o}/{p}/export': 'reads the project',
  'GET /{o}/{p}/cell-usage': 'reads the environment',
  'GET /{o}/{p}/cells/{name}/members': 'reads the environment',
  'GET /{o}/{p}/cells/{name}/placement': 'reads the environment',
  'GET /{o}/{p}/envs/{envName}/entities': 'reads the environment',
  'POST /{o}/{p}/envs/{envName}/entities': 'writes what is in a cell',
  'GET /{o}/{p}/envs/{envName}/entities/{name}': 'reads what is in a cell',
  'PUT /{o}/{p}/envs/{envName}/entities/{name}': 'writes what is in a cell',
  'DELETE /{o}/{p}/envs/{envName}/entities/{name}': 'writes what is in a cell',
  'PUT /{o}/{p}/envs/{envName}/entities/{name}/metrics': 'writes what is in a cell',
  'PUT /{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}': 'writes what is in a cell',
  'DELETE /{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}': 'writes what is in a cell',
  'GET /{o}/{p}/envs/{envName}/relationships': 'reads the environment',
  'POST /{o}/{p}/envs/{envName}/relationships': 'writes what is in a cell',
  'GET /{o}/{p}/envs/{envName}/relationships/{relationshipId}': 'reads what is in a cell',
  'PUT /{o}/{p}/envs/{envName}/relationships/{relationshipId}': 'writes what is in a cell',
  'PUT /{o}/{p}/envs/{envName}/relationships/{relationshipId}/state': 'writes what is in a cell',
  'DELETE /{o}/{p}/envs/{envName}/relationships/{relationshipId}': 'writes what is in a cell',
  // Reading a secret takes an admin. Limited members administer nothing, not even in their own environment
  'GET /{o}/{p}/envs/{envName}/secrets': 'administers',
  'POST /{o}/{p}/envs/{envName}/secrets': 'administers',
  'GET /{o}/{p}/envs/{envName}/secrets/{name}': 'administers',
  'PUT /{o}/{p}/envs/{envName}/secrets/{name}': 'administers',
  'DELETE /{o}/{p}/envs/{envName}/secrets/{name}': 'administers',
  'PUT /{o}/{p}/envs/{envName}/secrets/{name}/value': 'administers',
  'DELETE /{o}/{p}/envs/{envName}/secrets/{name}/value': 'administers',

  // The v1 API (reference v1, 1: who calls with which credential)
  'GET /v1/projects': 'v1: a person',
  'POST /v1/projects': 'v1: creates projects', // A project belongs to an organization, whose members cannot create one. A person without an organization has their own.
  'GET /v1/projects/{projectID}': 'v1: reads the project',
  'PATCH /v1/projects/{projectID}': 'v1: administers',
  'DELETE /v1/projects/{projectID}': 'v1: the creator',
  'GET /v1/projects/{projectID}/tokens': 'v1: a person who administers',
  'POST /v1/projects/{projectID}/tokens': 'v1: a person who administers',
  'GET /v1/project_tokens/{tokenID}': 'v1: administers',
  'PATCH /v1/project_tokens/{tokenID}': 'v1: administers, giving',
  'DELETE /v1/project_tokens/{tokenID}': 'v1: administers',
  'GET /v1/projects/{projectID}/members': 'v1: reads the project',
  'PATCH /v1/members/{memberID}': 'v1: a person who administers',
  'DELETE /v1/members/{memberID}': 'v1: a person who administers, or oneself',
  'POST /v1/projects/{projectID}/invite': 'v1: administers, giving',
  'POST /v1/join_project': 'v1: is the guest', // A membership needs a user.
  'GET /v1/projects/{projectID}/environments': 'v1: reads the project',
  'POST /v1/projects/{projectID}/environments': 'v1: administers',
  'PATCH /v1/environments/{environmentID}': 'v1: administers',
  'DELETE /v1/environments/{environmentID}': 'v1: administers or denies', // An unknown one is `permission denied` (reference v1, 7).
  'GET /v1/projects/{projectID}/audit_logs': 'v1: administers',
  // Agents and core instances are in an environment and in no cell, so cell-scoped callers see none
  'POST /v1/agents': "v1: a project's token",
  'GET /v1/projects/{projectID}/agents': 'v1: reads the project',
  'DELETE /v1/projects/{projectID}/agents': 'v1: writes an agent',
  'GET /v1/agents/{agentID}': 'v1: reads an agent',
  'PATCH /v1/agents/{agentID}': 'v1: writes an agent',
  'DELETE /v1/agents/{agentID}': 'v1: writes an agent',
  'POST /v1/agents/{agentID}/metrics': 'v1: the agent itself', // Nobody else may send its metrics.
  'POST /v1/agent_metrics': 'v1: an agent', // The agent of the token itself.
  'GET /v1/agents/{agentID}/errors': 'v1: reads an agent',
  'POST /v1/agents/{agentID}/errors': 'v1: writes an agent',
  'POST /v1/aggregators': "v1: a project's token",
  'GET /v1/projects/{projectID}/aggregators': 'v1: reads the project',
  'GET /v1/projects/{projectID}/core_instances': 'v1: reads the project',
  'DELETE /v1/projects/{projectID}/aggregators': 'v1: writes an agent',
  'GET /v1/aggregators/{aggregatorID}': 'v1: reads an agent',
  'PATCH /v1/aggregators/{aggregatorID}': 'v1: writes an agent',
  'DELETE /v1/aggregators/{aggregatorID}': 'v1: writes an agent',
  'POST /v1/aggregators/{aggregatorID}/ping': 'v1: writes an agent',
  // Here without `project_id`, so in the project of the token
  'GET /v1/search': 'v1: searches',
  'GET /v2/search': 'v1: searches',
  'GET /v1/projects/{projectID}/saml_mappings': 'v1: nothing is there',
  'POST /v1/projects/{projectID}/saml_mappings': 'v1: nothing is there',
  'PATCH /v1/saml_mappings/{id}': 'v1: nothing is there',
  'DELETE /v1/saml_mappings/{id}': 'v1: nothing is there',
}
