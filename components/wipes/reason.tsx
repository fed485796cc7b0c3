/** Who reads the reason of a nuke, an undo, a deletion or a restore. */
export const reasonHint = 'Kept in the audit log, and sent to the owners and to webhooks.'

/** A reason as text of any length. */
export function Reason({ text }: { text: string }) {
  return <span className="text-pretty wrap-anywhere">{text}</span>
}
