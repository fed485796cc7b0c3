import type { Command } from '../command.ts'
import { api } from './api.ts'
import { apply } from './apply.ts'
import { audit } from './audit.ts'
import { members, membersAdd, membersRemove, membersRole, scopes, scopesSet } from './members.ts'
import { nuke, undo } from './nuke.ts'
import { orgApply, orgExport, orgPlan, orgSchema } from './organization.ts'
import { projects, projectsCreate } from './projects.ts'
import { tokens, tokensCreate, tokensRevoke } from './tokens.ts'
import { exportProject, importProject } from './transfer.ts'
import { whoami } from './whoami.ts'

/** The commands that work on a server through its API, in the order of the help. */
export const remoteCommands: Command[] = [
  whoami,
  api,
  projects,
  projectsCreate,
  members,
  membersAdd,
  membersRole,
  membersRemove,
  scopes,
  scopesSet,
  tokens,
  tokensCreate,
  tokensRevoke,
  nuke,
  undo,
  apply,
  exportProject,
  importProject,
  audit,
  orgExport,
  orgPlan,
  orgApply,
  orgSchema,
]

/** Names of commands on the database that begin with the name of a command here. */
export const beginsLikeThese = ['audit verify']
