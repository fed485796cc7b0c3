/** What a card explains, and the name of its button. */
export const conceptNames = { cell: 'Cell', scope: 'Scope', entityType: 'Entity type', nuke: 'Nuke' } as const
export type ConceptName = keyof typeof conceptNames
