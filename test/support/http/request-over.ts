/** A request that is over, without what a test sets itself. */
export const requestOver = {
  requestId: 'x',
  traceId: undefined,
  method: 'GET',
  address: '',
  actorKind: undefined,
  actorId: undefined,
  orgId: undefined,
  resultStatus: undefined,
  isCut: false,
}
