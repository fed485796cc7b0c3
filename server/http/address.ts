/** Where a request comes from, as the front has written it; null where something else serves it. */
export const addressOf = (request: Request) => request.headers.get('x-bulkhead-address')
