'use client'

import { ExternalLink } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import { PROVEN_CHANNEL } from '#contract/accounts/oidc-problems'
import { Button } from '#components/ui/button'
import { paths } from '#contract/paths'

interface ConfirmWithProviderProps {
  /** The provider's name. */
  provider: string
  /** True when this is the only method, which then gets the focus. */
  alone: boolean
  /** Called once the person of this session has confirmed it's them in the other window. */
  onProven: () => void
}

/** Confirms the user's identity through the provider, in another window so that typed text here stays. */
export function ConfirmWithProvider({ provider, alone, onProven }: ConfirmWithProviderProps) {
  const proven = useEffectEvent(onProven)
  useEffect(() => {
    const channel = new BroadcastChannel(PROVEN_CHANNEL)
    channel.addEventListener('message', () => proven())
    return () => channel.close()
  }, [])
  return (
    <Button
      className="w-full"
      ref={alone ? focus : null}
      icon={<ExternalLink aria-hidden className="size-3.5" />}
      onClick={() => window.open(paths.proveAgain, '_blank', 'popup,noopener,width=480,height=680')}
    >
      Confirm with {provider}
    </Button>
  )
}

const focus = (button: HTMLButtonElement | null) => button?.focus()
