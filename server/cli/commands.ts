import { auditVerify } from './audit-verify.ts'
import { backup } from './backup.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { completionOf } from './completion.ts'
import { demo } from './demo.ts'
import { migrate } from './migrate.ts'
import { grantOwnerCommand, orgAddMember, orgCreate, resetFactorsCommand, userCreate } from './people.ts'
import { quota } from './quota.ts'
import { remoteCommands } from './remote/commands.ts'
import { reload } from './reload.ts'
import { restore } from './restore.ts'
import { resume } from './resume.ts'
import { rotateSecrets } from './rotate-secrets.ts'
import { tokenCreate } from './token.ts'

export const commands: Command[] = [
  userCreate,
  orgCreate,
  orgAddMember,
  tokenCreate,
  grantOwnerCommand,
  resetFactorsCommand,
  quota,
  migrate,
  check,
  auditVerify,
  backup,
  restore,
  resume,
  rotateSecrets,
  reload,
  demo,
  completionOf(() => [...remoteCommands, ...commands]),
]
