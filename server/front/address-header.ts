/** The header in which every handler finds the client's address. */
export const addressHeader = 'x-bulkhead-address'
