import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/notices/expiry'
import { type ExpiryMail, addJob } from '#db/queries/jobs'

/** Ends in one transaction. */
const BATCH = 200

/**
 * Queues a mail to everyone concerned, seven days and one day before a membership or token ends. Late rather than twice: the
 * process that records a notice also queues its mail in the same commit. A changed end is announced again. Returns the number of
 * ends.
 */
export async function queueExpiryMails(db: Database): Promise<number> {
  await rows.deleteOldExpiryNotices(db)
  let queued = 0
  for (
    let batch = await inTransaction(db, queueExpiryMailBatch);
    batch > 0;
    batch = await inTransaction(db, queueExpiryMailBatch)
  )
    queued += batch
  return queued
}

/** In one transaction, so that notes and mails are written together or not at all. */
export async function queueExpiryMailBatch(trx: Trx): Promise<number> {
  const notices = await rows.claimExpiryNotices(trx, BATCH)
  const recipients = await rows.listExpiryRecipients(
    trx,
    notices.map(({ subject_id }) => subject_id),
  )
  for (const { kind, subject_id: subjectId, expires_at: expiresAt, owner } of notices) {
    const notified = recipients.filter((recipient) => recipient.subject_id === subjectId)
    for (const { user_id: userId } of notified) await addJob(trx, 'mail-expiry', { kind, subjectId, expiresAt, userId }, owner)
  }
  return notices.length
}

/** The mail's content; undefined once it no longer applies. */
export async function expiryToMail(db: Database, mail: ExpiryMail) {
  const ending = await rows.findExpiring(db, mail)
  if (!ending) return undefined
  const { name, email, expires_at: expiresAt, seconds, project_id, project_name, project_slug, org_slug, org_name } = ending
  const owners = project_id !== null && mail.kind === 'member' ? await rows.listProjectOwners(db, project_id, mail.userId) : []
  return {
    kind: mail.kind,
    name,
    email,
    expiresAt,
    seconds,
    project: project_name === null ? null : { name: project_name, slug: project_slug! },
    organization: org_slug === null ? null : { slug: org_slug, name: org_name! },
    owners,
  }
}
