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

describe('why a new entity would be outside', () => {
  test('nothing is outside of all cells', () => expect(outsideReason(null, cells, site, [])).toBeNull())
  test('a value of a cell below is inside', () => expect(outsideReason(['europe'], cells, site, at('country', 'de'))).toBeNull())
  test('a cell without values is named by its own', () =>
    expect(outsideReason(['europe'], cells, site, at('city', 'paris'))).toBeNull())
  test('what is missing is said, of this type alone', () =>
    expect(outsideReason(['europe'], cells, site, at('country', 'jp'))).toBe(
      'Your access is limited to the cell europe: set country to de, or city to paris',
    ))
  test('an empty property is what the type fills in', () => {
    const filled = { name: 'site', properties: [country] }
    expect(outsideReason(['europe'], cells, filled, at('country', ''))).toBeNull()
    expect(outsideReason(['europe'], cells, filled, at('country', 'jp'))).toContain('set country to de')
  })
  test('where no property leads in, that is said', () =>
    expect(outsideReason(['racks'], cells, site, [])).toBe(
      'Your access is limited to the cell racks; no property of a new site puts it there',
    ))
})
