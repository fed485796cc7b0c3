import type { ReactNode } from 'react'

/** A small drawing. What it shows is also in the text beside it. */
function Drawing({ children }: { children: ReactNode }) {
  return (
    <svg aria-hidden viewBox="0 0 240 92" className="mb-2.5 w-full rounded-sm bg-sunken" fontSize="9" fontFamily="inherit">
      {children}
    </svg>
  )
}

interface BoxProps {
  x: number
  y: number
  width: number
  height: number
  label: string
  /** Filled with the accent: what somebody sees. */
  isSeen?: boolean
  /** Dashed: what is gone. */
  isGone?: boolean
}

function Box({ x, y, width, height, label, isSeen = false, isGone = false }: BoxProps) {
  return (
    <>
      <rect
        {...{ x, y, width, height }}
        rx="4"
        className={isSeen ? 'fill-accent-soft stroke-accent' : 'fill-raised stroke-edge'}
        strokeDasharray={isGone ? '3 3' : undefined}
      />
      <text x={x + 7} y={y + 12} className={isSeen ? 'fill-accent-ink' : 'fill-muted'}>
        {label}
      </text>
    </>
  )
}

/** Entities, as dots in a row. */
function Dots({ x, y, count, isSeen = false }: { x: number; y: number; count: number; isSeen?: boolean }) {
  return Array.from({ length: count }, (_, i) => (
    <circle key={i} cx={x + i * 13} cy={y} r="3.5" className={isSeen ? 'fill-accent' : 'fill-faint'} />
  ))
}

export function CellDrawing() {
  return (
    <Drawing>
      <Box x={14} y={10} width={150} height={72} label="europe" />
      <Box x={24} y={32} width={62} height={40} label="germany" isSeen />
      <Dots x={37} y={59} count={3} isSeen />
      <Box x={94} y={32} width={58} height={40} label="france" />
      <Dots x={108} y={59} count={2} />
      <Box x={176} y={10} width={50} height={72} label="asia" />
      <Dots x={190} y={59} count={2} />
    </Drawing>
  )
}

export function ScopeDrawing() {
  return (
    <Drawing>
      <circle cx="30" cy="34" r="9" className="fill-raised stroke-accent" />
      <path d="M14 66c0-10 7-16 16-16s16 6 16 16" className="fill-raised stroke-accent" />
      <path d="M56 46h30m-5-4 5 4-5 4" fill="none" className="stroke-accent" />
      <Box x={96} y={14} width={62} height={64} label="germany" isSeen />
      <Dots x={110} y={52} count={3} isSeen />
      <Box x={166} y={14} width={58} height={64} label="hidden" isGone />
    </Drawing>
  )
}

export function EntityTypeDrawing() {
  return (
    <Drawing>
      <Box x={14} y={12} width={96} height={68} label="site" isSeen />
      <text x="21" y="42" className="fill-muted">
        planned, live
      </text>
      <text x="21" y="58" className="fill-muted">
        country: text
      </text>
      <path d="M116 46h22m-5-4 5 4-5 4" fill="none" className="stroke-edge" />
      {['berlin', 'paris', 'tokyo'].map((name, i) => (
        <Box key={name} x={146} y={8 + i * 26} width={78} height={20} label={name} />
      ))}
    </Drawing>
  )
}

export function NukeDrawing() {
  return (
    <Drawing>
      <Box x={14} y={12} width={100} height={68} label="Members, tokens," />
      <text x="21" y="38" className="fill-muted">
        environments,
      </text>
      <text x="21" y="52" className="fill-muted">
        audit log: stay
      </text>
      <Box x={126} y={12} width={100} height={68} label="Catalog and data" isGone />
      <path d="M196 62a20 20 0 1 1 4-14m0-8v8h-8" fill="none" className="stroke-accent" strokeWidth="1.5" />
    </Drawing>
  )
}
