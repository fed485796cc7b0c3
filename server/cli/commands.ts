import type { Command } from './command.ts'
import { demo } from './demo.ts'

export const commands: Command[] = [demo]
