import { Time } from '#components/ui/time'

/** Whether there is a value, and since when; never the value itself. */
export function ValueState({ setAt }: { setAt: string | null }) {
  if (setAt === null) return <span className="text-muted">not set</span>
  return (
    <span>
      set <Time value={setAt} className="text-muted" />
    </span>
  )
}
