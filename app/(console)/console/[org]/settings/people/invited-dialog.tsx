'use client'

import { Button } from '#components/ui/button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { Mono } from '#components/ui/mono'
import type { Invitation } from '#contract/organizations/invitations'

/** An invitation's full URL; the server may not know the name by which it is reached. */
export const fullLink = (link: string) => new URL(link, location.origin).href

/** The new invitation links, for servers without mail. */
export function InvitedDialog({ invitations, onClose }: { invitations: Invitation[]; onClose: () => void }) {
  const count = invitations.length
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={count === 1 ? '1 person was invited' : `${count} people were invited`}
      description="The mails are on their way, if this server sends mail. Else pass the links on yourself: each is good for its address only. Only the mailed link verifies an address."
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
