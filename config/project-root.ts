import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of `package.json`. Copies of this module in Next's bundle also keep the path of the source. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))
