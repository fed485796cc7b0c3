/** A document to start from: one resource of every kind, short enough to read. */
export const sampleDocument = `# A catalog says what there can be in a project; data follows it.
# The items of a document may stand in any order.
kind: EntityType
name: site
displayName: Site
states: [planned, live, closed]
initialState: planned
properties:
  - name: country
    type: string
    required: true
    enum: [de, fr, jp]
metrics:
  - name: load
    unit: requests per second
constraints:
  - { metric: load, max: 500 }
---
kind: Cell
name: europe
displayName: Europe
entityType: site
constraints:
  - { metric: load, aggregate: sum, max: 2000 }
---
kind: Cell
name: germany
entityType: site
parentCells: [europe]
membership:
  derivedFrom: { property: country, values: [de] }
---
kind: RelationshipType
name: feeds
from: site
to: site
states: [active, ended]
---
kind: Secret
name: deploy-key
description: Signs what is rolled out
---
kind: Entity
entityType: site
name: berlin
state: live
properties: { country: de }
`
