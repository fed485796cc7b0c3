/** The refusals of an apply that force overrides, in words. */
export const needForce: Record<string, string> = {
  destructive_change: 'This would remove states or properties that are in use',
  cell_in_scope: 'This would change what people limited to cells can see',
}
