/** The client's address as the front wrote it; null where something else serves the request. */
export const addressOf = (request: Request) => request.headers.get('x-bulkhead-address')
