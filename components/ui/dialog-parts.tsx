import type { ReactNode } from 'react'

export const scrim = 'fixed inset-0 z-30 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0'
export const dialogWindow =
  'popup fixed top-[max(1rem,12vh)] left-1/2 z-30 flex max-h-[calc(100dvh-max(2rem,20vh))] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-lg'
export const dialogTitle = 'text-lg font-semibold text-balance'
export const dialogDescription = 'mt-1 text-muted text-pretty'

/** The shared header of all windows. */
export function DialogHead({ title, description }: { title: ReactNode; description?: ReactNode }) {
  return (
    <div className="px-5 pt-4 pb-3">
      <div className="pr-8">{title}</div>
      {description}
    </div>
  )
}
