'use client'

import { Button } from '#components/ui/button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { Mono } from '#components/ui/mono'
import type { Invitation } from '#contract/organizations/invitations'

/** An invitation's full URL; the server may not know the name by which it is reached. */
export const fullLink = (link: string) => new URL(link, location.origin).href

interface InvitedDialogProps {
  /** Whether this server sends the links by email. */
  hasMail: boolean
  invitations: Invitation[]
  onClose: () => void
}

/** The new invitation links, also for servers without mail. */
export function InvitedDialog({ hasMail, invitations, onClose }: InvitedDialogProps) {
  const count = invitations.length
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={count === 1 ? '1 person was invited' : `${count} people were invited`}
      description={`${hasMail ? 'The links were emailed. You can also copy and share them.' : 'Email isn’t configured. Copy and share these links.'} Each link works for its own address only. An address is verified only by a link that was emailed.`}
    >
      <ul aria-label="Links" className="divide-y divide-line rounded-md border border-line">
        {invitations.map(({ id, email, link }) => (
          <li key={id} className="min-w-0 px-3 py-2">
            <div className="truncate font-medium" title={email}>
              {email}
            </div>
            {link && (
              <Mono quiet copy={`the link of ${email}`} className="w-full">
                {fullLink(link)}
              </Mono>
            )}
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  )
}
