import { describe, expect, test } from 'vitest'
import type { Cell } from '#contract/catalog/cells'
import { outsideReason } from './catalog.ts'

const cell = (name: string, parentCells: string[], derivedFrom?: { property: string; values?: string[] }, entityType = 'site') =>
  ({ name, parentCells, entityType, ...(derivedFrom && { membership: { derivedFrom } }) }) as Cell
const cells = [
  cell('europe', []),
  cell('germany', ['europe'], { property: 'country', values: ['de'] }),
  cell('paris', ['europe'], { property: 'city' }),
  cell('asia', [], { property: 'country', values: ['jp'] }),
  cell('racks', ['europe'], { property: 'country', values: ['rack'] }, 'rack'),
]
const country = { name: 'country', type: 'string' as const, required: false, default: 'de' }
const site = { name: 'site', properties: [] }
const at = (name: string, text: string) => [{ name, text }]

describe('why a new entity would be outside the caller’s cells', () => {
  test('accepts everything for a caller with all cells', () => expect(outsideReason(null, cells, site, [])).toBeNull())
  test('accepts a value of a descendant cell', () =>
    expect(outsideReason(['europe'], cells, site, at('country', 'de'))).toBeNull())
  test('matches a cell without values by its own name', () =>
    expect(outsideReason(['europe'], cells, site, at('city', 'paris'))).toBeNull())
  test('names the missing properties of this type only', () =>
    expect(outsideReason(['europe'], cells, site, at('country', 'jp'))).toBe(
      'Your access is limited to the cell europe. Set country to de, or city to paris',
    ))
  test('uses the type’s default for an empty property', () => {
    const filled = { name: 'site', properties: [country] }
    expect(outsideReason(['europe'], cells, filled, at('country', ''))).toBeNull()
    expect(outsideReason(['europe'], cells, filled, at('country', 'jp'))).toContain('Set country to de')
  })
  test('says so when no property leads into the cells', () =>
    expect(outsideReason(['racks'], cells, site, [])).toBe(
      'Your access is limited to the cell racks, and no property of a new site puts it there',
    ))
})
