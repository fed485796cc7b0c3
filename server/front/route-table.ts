type Node<T> = { fixed: Map<string, Node<T>>; param?: { name: string; node: Node<T> }; value?: T }

/** Routes by segment. A fixed segment takes precedence over a `[param]`, as in Next. */
export type RouteTable<T> = Node<T>

const newNode = <T>(): Node<T> => ({ fixed: new Map() })

export const newRouteTable = <T>(): RouteTable<T> => newNode<T>()

/** `path` is spelled in folders: `orgs/[orgId]/projects`. Throws when one place has two names, as Next does. */
export function addRoute<T>(table: RouteTable<T>, path: string, value: T): void {
  let node = table
  for (const segment of path.split('/').filter(Boolean)) {
    const name = /^\[(\w+)\]$/.exec(segment)?.[1]
    if (name === undefined) {
      const next = node.fixed.get(segment) ?? newNode<T>()
      node.fixed.set(segment, next)
      node = next
      continue
    }
    node.param ??= { name, node: newNode<T>() }
    if (node.param.name !== name) throw new Error(`${path}: this place is already called [${node.param.name}]`)
    node = node.param.node
  }
  if (node.value !== undefined) throw new Error(`${path} is served twice`)
  node.value = value
}

export type Found<T> = { value: T; params: Record<string, string> }

/** Finds the route of a path; its parameters are still percent-encoded. A trailing slash makes another path. */
export function findRoute<T>(table: RouteTable<T>, pathname: string): Found<T> | undefined {
  const segments = pathname.split('/').slice(1)
  const params: Record<string, string> = {}
  const value = walk(table, segments, 0, params)
  return value === undefined ? undefined : { value, params }
}

function walk<T>(node: Node<T>, segments: string[], at: number, params: Record<string, string>): T | undefined {
  const segment = segments[at]
  if (segment === undefined) return node.value
  if (segment === '') return undefined
  const fixed = node.fixed.get(segment)
  const found = fixed && walk(fixed, segments, at + 1, params)
  if (found !== undefined || !node.param) return found
  const below = walk(node.param.node, segments, at + 1, params)
  if (below !== undefined) params[node.param.name] = segment
  return below
}
