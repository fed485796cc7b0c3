/** The refusals of an apply that force overrides, in words. */
export const needForce: Record<string, string> = {
  destructive_change: 'This would drop what is in use',
  cell_in_scope: 'This would change what somebody limited to cells can see',
}
