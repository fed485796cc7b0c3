import type { Attack } from './attack.ts'
import { answers } from './attacks/answers.ts'
import { bodies } from './attacks/bodies.ts'
import { connections } from './attacks/connections.ts'
import { jobs } from './attacks/jobs.ts'
import { parsers } from './attacks/parsers.ts'
import { sockets } from './attacks/sockets.ts'

/** Each name is unique. */
export const attacks: Attack[] = [bodies, answers, connections, parsers, sockets, jobs].flat()
