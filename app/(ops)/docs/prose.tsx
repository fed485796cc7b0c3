/** A sentence of the contract, with code between backticks. */
export function Prose({ children }: { children: string }) {
  return children.split('`').map((part, index) =>
    index % 2 ? (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of one fixed sentence
      <code key={index} className="rounded-sm bg-sunken px-1 py-0.5 text-[0.9375em] wrap-anywhere">
        {part}
      </code>
    ) : (
      part
    ),
  )
}
