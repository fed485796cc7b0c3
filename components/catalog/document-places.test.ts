import { describe, expect, test } from 'vitest'
import { documentProblem, placesIn } from './document-places.tsx'

const stream = `# sites
kind: EntityType
name: site
properties:
  - name: country
    type: text
---
apiVersion: v1
kind: Cell
metadata:
  name: europe
spec:
  entityType: site
  parentCells: [world]
`

describe('placesIn', () => {
  test('finds documents of a stream, their fields, and fields in an envelope', () => {
    const place = placesIn(stream)
    expect(place(0)).toBe(2)
    expect(place(0, 'properties.0.type')).toBe(6)
    expect(place(1)).toBe(8)
    expect(place(1, 'parentCells')).toBe(14)
    expect(place(1, 'name')).toBe(11)
  })

  test('stops at the innermost field that exists', () => {
    const place = placesIn(stream)
    expect(place(0, 'properties.0.nothing.at.all')).toBe(5)
    expect(place(0, 'states')).toBe(2)
    expect(place(7)).toBeUndefined()
  })

  test('finds items of a request and of a list, in JSON and YAML', () => {
    expect(placesIn('{\n  "items": [\n    {"kind": "Secret"},\n    {"kind":\n "Cell"}\n  ]\n}')(1, 'kind')).toBe(4)
    expect(placesIn('force: true\nitems:\n  - kind: Secret\n  - kind: Cell\n    name: a')(1, 'name')).toBe(5)
    expect(placesIn('- kind: Secret\n- kind: Cell\n')(1)).toBe(2)
  })

  test('does not count an empty document in a stream as an item', () => {
    expect(placesIn('---\n---\nkind: Cell\nname: a\n')(0, 'name')).toBe(4)
  })
})

describe('documentProblem', () => {
  test('gives line and column of invalid YAML, and null for valid YAML', () => {
    expect(documentProblem(stream)).toBeNull()
    expect(documentProblem('kind: Cell\nname: [a\n')).toMatchObject({ line: 3 })
    expect(documentProblem('name: a\nname: b\n')).toMatchObject({
      line: 2,
      column: 1,
      message: expect.stringContaining('unique'),
    })
  })

  test('describes the problem as one of JSON where JSON was meant', () => {
    expect(documentProblem('{"items": [\n  {"kind": "Cell" "name": "a"}\n]}')).toEqual({
      line: 2,
      column: 19,
      message: 'Expected a comma or }, but found "',
    })
  })

  test('survives unlimited nesting', () => {
    expect(documentProblem('['.repeat(100_000))).toMatchObject({ line: 1 })
  })
})
