import { auditVerify } from './audit-verify.ts'
import { backup } from './backup.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { demo } from './demo.ts'
import { migrate } from './migrate.ts'
import { grantOwnerCommand, orgAddMember, orgCreate, resetFactorsCommand, userCreate } from './people.ts'
import { quota } from './quota.ts'
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
]

/** The command that the arguments begin with, and the remaining arguments. */
export function findCommand(args: string[]): { command: Command; rest: string[] } | undefined {
  for (const command of commands) {
    const words = command.name.split(' ')
    if (words.every((word, i) => args[i] === word)) return { command, rest: args.slice(words.length) }
  }
  return undefined
}
