/** A key to press. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-grid h-4.5 min-w-4.5 place-items-center rounded-sm border border-line bg-sunken px-1 font-sans text-[0.6875rem] text-faint">
      {children}
    </kbd>
  )
}
