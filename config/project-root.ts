import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of `package.json`; the copies of this module in Next's bundle are told the place of the source as well. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))
