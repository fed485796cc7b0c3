import type { ProjectAuditAction } from '#contract/audit/actions'

/** What the target of an action is called; an action about the project itself does not name its target. */
const nouns: Record<string, string> = {
  token: 'token',
  environment: 'environment',
  'entity-type': 'entity type',
  cell: 'cell',
  entity: 'entity',
  'relationship-type': 'relationship type',
  relationship: 'relationship',
  secret: 'secret',
  agent: 'agent',
  'core-instance': 'core instance',
  'repo-link': 'repository',
}

const verbs: Record<string, string> = {
  created: 'created',
  registered: 'registered',
  updated: 'changed',
  renamed: 'renamed',
  rotated: 'rotated',
  revoked: 'revoked',
  deleted: 'deleted',
}

/** `…` stands for the target. */
const special: Partial<Record<ProjectAuditAction, string>> = {
  'project.created': 'created the project',
  'project.updated': 'changed the project',
  'project.deleted': 'deleted the project',
  'project.restored': 'restored the project',
  'project.purged': 'permanently deleted the project',
  'project.protected': 'protected the project',
  'project.unprotected': 'removed the protection of the project',
  'project.nuked': 'nuked the project',
  'project.undone': 'undid a nuke of the project',
  'project.imported': 'imported data into the project',
  'wipe.purged': 'permanently deleted what a nuke had removed',
  'member.invited': 'invited …',
  'member.added': 'gave … access',
  'member.updated': 'changed the access of …',
  'member.scoped': 'changed the cells that … can see',
  'member.removed': 'removed the access of …',
  'member.taken-over': 'proved the address of the account of …',
  'member.viewed': 'viewed the project as …',
  'member.viewing-ended': 'stopped viewing the project as …',
  'cell.member-added': 'added an entity to the cell …',
  'cell.member-removed': 'removed an entity from the cell …',
  'catalog.applied': 'applied a document',
  'entity.metrics-pushed': 'pushed metrics of the entity …',
  'secret.value-set': 'set a value of the secret …',
  'secret.value-deleted': 'deleted a value of the secret …',
  'agents.deleted': 'deleted agents',
  'core-instances.deleted': 'deleted core instances',
  'repo-link.created': 'linked the repository …',
  'repo-link.deleted': 'unlinked the repository …',
}

/** What was done, in words, with `…` for the target; an unknown action keeps its code. */
export function phraseOf(action: string): string {
  const known = (special as Record<string, string | undefined>)[action]
  if (known !== undefined) return known
  const [resource = '', participle = ''] = action.split('.')
  const noun = nouns[resource]
  const verb = verbs[participle]
  return noun === undefined || verb === undefined ? `${action} …` : `${verb} the ${noun} …`
}
