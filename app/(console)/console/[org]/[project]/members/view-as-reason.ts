import type { Abilities } from '#components/access/role'

/** Why the caller can't view the project as another member; null when they can. */
export const viewAsReason = ({ can }: Pick<Abilities, 'can'>, self: boolean): string | null =>
  can['members:manage'].reason ?? (self ? 'You already see the project as yourself' : null)
