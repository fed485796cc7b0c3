import { keyIdOf } from '#config/settings'
import { version } from '#config/version'
import type { Database } from '#db/client'
import { readSnapshot } from '#db/dump/snapshot'
import { type Written, writeBackup } from './format.ts'
import { inSentence } from './refusals.ts'
import { signingKey } from './keys.ts'
import type { Target } from './target.ts'

export type BackupProgress = { bytes: number; of: number }

/** Writes the whole database, as of one moment, while servers go on. */
export async function backUp(db: Database, target: Target, onProgress: (progress: BackupProgress) => void): Promise<Written> {
  try {
    const written = await readSnapshot(db, async ({ migrations, tables, postgres, sealedBy, size, read }) => {
      const key = signingKey()
      const keys = { signed: keyIdOf(key), sealed: sealedBy }
      const head = { version, createdAt: new Date().toISOString(), postgres, migrations, keys, tables }
      let bytes = 0
      const onBytes = (n: number) => onProgress({ bytes: (bytes += n), of: size })
      const pieces = writeBackup(head, { read, key, onBytes })
      for (;;) {
        const { value, done } = await pieces.next()
        if (done) return value
        await target.write(value)
      }
    })
    await target.finish()
    return written
  } catch (error) {
    await target.discard()
    throw inSentence(error, 'The database could not be backed up')
  }
}
