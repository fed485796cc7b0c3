/** No answer, or none that this command line understands: the exit code is 3. */
export class Unusable extends Error {
  override name = 'Unusable'
}

export const ANOTHER_VERSION = 'The answer is not what a Bulkhead server of this version sends'

/** Something that the server was not asked for: the exit code is 1. */
export class Refused extends Error {
  override name = 'Refused'
}
