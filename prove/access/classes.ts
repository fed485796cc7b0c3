const people = ['nobody', 'stranger', 'outsider', 'colleague', 'former', 'viewer', 'member', 'admin', 'owner'] as const
const wider = ['orgAdmin', 'orgOwner'] as const
const narrowed = ['inDefault', 'inStaging', 'inEu', 'inUs', 'inNone'] as const
const tokens = ['tViewer', 'tMember', 'tAdmin', 'tOwner', 'sibling', 'elsewhere', 'gone'] as const
/** The callers, in the order of the columns; `gone` are tokens that were valid once. */
export const columns = [...people, ...wider, ...narrowed, ...tokens] as const
export type Column = (typeof columns)[number]

/**
 * `cell` and `env` = 403, because the target is outside of the caller's cells or environment; `207` = answered, with its row
 * refused.
 */
export type Answer = 'yes' | '401' | '403' | '404' | '422' | '501' | 'cell' | 'env' | '207'

/**
 * Who may call what, as published (design 4, contract, seeds, reference): on the caller's own project, and on something in its
 * environment `default` and its cell `eu`. People without the project: in no organization, in another one, a member of this one,
 * and one whose project membership has expired. Those limited to an environment or to cells are admins. Tokens: by role; then an
 * owner's token of the project next door and of another organization.
 */
const table = `
                               nobody  strangers  without  viewer member admin owner  org's admin owner  default staging  eu   us   none  viewer member admin owner  others   gone
anyone                       |  yes  |  yes yes | yes yes | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  yes    yes    yes   yes | yes yes | yes
holds the link               |  yes  |  yes yes | yes yes | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  yes    yes    yes   yes | yes yes | 401
joins as somebody new        |  yes  |  403 403 | 403 403 | 403    403    403   403  |   403      403   |  403    403  | 403  403  403 |  yes    yes    yes   yes | yes yes | 401

signed in                    |  401  |  yes yes | yes yes | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  yes    yes    yes   yes | yes yes | 401
a person                     |  401  |  yes yes | yes yes | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  403    403    403   403 | 403 403 | 401
in the organization          |  401  |  404 404 | yes yes | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  yes    yes    yes   yes | yes 404 | 401
of the organization          |  401  |  404 404 | yes yes | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  403    403    403   403 | 403 404 | 401
administers the organization |  401  |  404 404 | 403 403 | 403    403    403   403  |   yes      yes   |  403    403  | 403  403  403 |  403    403    403   403 | 403 404 | 401
owns the organization        |  401  |  404 404 | 403 403 | 403    403    403   403  |   403      yes   |  403    403  | 403  403  403 |  403    403    403   403 | 403 404 | 401
row by row                   |  401  |  404 404 | 207 207 | 207    207    yes   yes  |   yes      yes   |  207    207  | 207  207  207 |  207    207    yes   yes | 207 404 | 401

reads the project            |  401  |  404 404 | 404 404 | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  yes    yes    yes   yes | 404 404 | 401
reads it as a person         |  401  |  404 404 | 404 404 | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  403    403    403   403 | 403 404 | 401
reads the environment        |  401  |  404 404 | 404 404 | yes    yes    yes   yes  |   yes      yes   |  yes    404  | yes  yes  yes |  yes    yes    yes   yes | 404 404 | 401
reads what is in a cell      |  401  |  404 404 | 404 404 | yes    yes    yes   yes  |   yes      yes   |  yes    404  | yes  404  404 |  yes    yes    yes   yes | 404 404 | 401
writes what is in a cell     |  401  |  404 404 | 404 404 | 403    yes    yes   yes  |   yes      yes   |  yes    env  | yes  cell cell|  403    yes    yes   yes | 404 404 | 401
administers                  |  401  |  404 404 | 404 404 | 403    403    yes   yes  |   yes      yes   |  403    403  | 403  403  403 |  403    403    yes   yes | 404 404 | 401
owns                         |  401  |  404 404 | 404 404 | 403    403    403   yes  |   403      yes   |  403    403  | 403  403  403 |  403    403    403   yes | 404 404 | 401
nukes                        |  401  |  403 403 | 403 403 | 403    403    yes   yes  |   yes      yes   |  403    403  | 403  403  403 |  403    403    yes   yes | 403 403 | 401

v1: a person                 |  401  |  yes yes | yes yes | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  403    403    403   403 | 403 403 | 401
v1: creates projects            |  401  |  yes yes | 403 403 | 403    403    403   403  |   yes      yes   |  403    403  | 403  403  403 |  403    403    403   403 | 403 403 | 401
v1: is the guest             |  401  |  403 403 | yes 403 | 403    403    403   403  |   403      403   |  403    403  | 403  403  403 |  403    403    403   403 | 403 403 | 401
v1: a project's token        |  401  |  403 403 | 403 403 | 403    403    403   403  |   403      403   |  403    403  | 403  403  403 |  403    yes    yes   yes | yes yes | 401
v1: reads the project        |  401  |  404 404 | 404 404 | yes    yes    yes   yes  |   yes      yes   |  yes    yes  | yes  yes  yes |  yes    yes    yes   yes | 404 404 | 401
v1: reads an agent           |  401  |  404 404 | 404 404 | yes    yes    yes   yes  |   yes      yes   |  yes    404  | 404  404  404 |  yes    yes    yes   yes | 404 404 | 401
v1: writes an agent          |  401  |  404 404 | 404 404 | 403    yes    yes   yes  |   yes      yes   |  yes    403  | cell cell cell|  403    yes    yes   yes | 404 404 | 401
v1: the agent itself         |  401  |  404 404 | 404 404 | 403    403    403   403  |   403      403   |  403    403  | 403  403  403 |  403    403    403   403 | 404 404 | 401
v1: administers              |  401  |  404 404 | 404 404 | 403    403    yes   yes  |   yes      yes   |  403    403  | 403  403  403 |  403    403    yes   yes | 404 404 | 401
v1: administers or denies    |  401  |  403 403 | 403 403 | 403    403    yes   yes  |   yes      yes   |  403    403  | 403  403  403 |  403    403    yes   yes | 403 403 | 401
v1: a person who administers |  401  |  404 404 | 404 404 | 403    403    yes   yes  |   yes      yes   |  403    403  | 403  403  403 |  403    403    403   403 | 403 403 | 401
v1: an agent                 |  401  |  403 403 | 403 403 | 403    403    403   403  |   403      403   |  403    403  | 403  403  403 |  403    403    403   403 | 403 403 | 401
v1: searches                 |  401  |  422 422 | 422 422 | 422    422    422   422  |   422      422   |  422    422  | 422  422  422 |  yes    yes    yes   yes | yes yes | 401
v1: nothing is there         |  401  |  501 501 | 501 501 | 501    501    501   501  |   501      501   |  501    501  | 501  501  501 |  501    501    501   501 | 501 501 | 401
v1: the creator              |  401  |  404 404 | 404 404 | 403    403    403   yes  |   403      yes   |  403    403  | 403  403  403 |  403    403    403   403 | 403 403 | 401
`

/** The answer of each class to each column. */
export const classes: Record<string, Record<Column, Answer>> = Object.fromEntries(
  [...table.matchAll(/^(\S.*?) +\|(.+)$/gm)].map(([, name, cells]) => {
    const answers = cells!.split(/[ |]+/).filter(Boolean) as Answer[]
    if (answers.length !== columns.length) throw new Error(`“${name}” answers ${answers.length} of ${columns.length} columns`)
    return [name!, Object.fromEntries(columns.map((column, i) => [column, answers[i]!])) as Record<Column, Answer>]
  }),
)

/** What a token limited to verbs may call, where its role may (reference v1, 7: POST creates, and so on). */
const methods = { 'read:*': ['GET'], 'create:*': ['POST'], 'update:*': ['PUT', 'PATCH'], 'delete:*': ['DELETE'] }
export const isGranted = (verbs: readonly (keyof typeof methods)[], method: string) =>
  verbs.length === 0 || verbs.some((verb) => methods[verb].includes(method))
