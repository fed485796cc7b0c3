import { useSyncExternalStore } from 'react'

const isBareAddress = (hostname: string) => /^[\d.]+$|^\[/.test(hostname)

function obstacle(): string | null {
  const { hostname, port, protocol } = location
  if (hostname === '127.0.0.1' || hostname === '[::1]')
    return `Passkeys need a host name in the address. Open ${protocol}//localhost${port && `:${port}`} instead`
  if (isBareAddress(hostname)) return 'Passkeys need a host name in the address, not an IP address'
  return 'PublicKeyCredential' in globalThis ? null : 'Passkeys need https'
}

const never = () => () => {}

/** Why passkeys do not work in this browser at this address; null when they do. */
export const usePasskeyObstacle = () => useSyncExternalStore(never, obstacle, () => 'Still loading')
