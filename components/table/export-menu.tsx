import { Download } from 'lucide-react'
import { Button } from '#components/ui/button'
import { Menu } from '#components/ui/menu'

interface ExportMenuProps {
  /** Download URLs of the filtered list. */
  csv: string
  ndjson: string
}

/** Exports the filtered list as a file. */
export function ExportMenu({ csv, ndjson }: ExportMenuProps) {
  return (
    <Menu
      trigger={<Button icon={<Download className="size-3.5" />}>Export</Button>}
      items={[
        { label: 'CSV', onSelect: () => location.assign(csv) },
        { label: 'NDJSON', onSelect: () => location.assign(ndjson) },
      ]}
    />
  )
}
