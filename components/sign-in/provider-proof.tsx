'use client'

import { ExternalLink } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import { PROVEN_CHANNEL } from '#contract/accounts/oidc'
import { Button } from '#components/ui/button'
import { paths } from '#contract/paths'

interface ProviderProofProps {
  /** The provider's name. */
  provider: string
  /** The only thing asked for: it gets the focus. */
  alone: boolean
  /** It was proven in the other window, by the person of this session. */
  onProven: () => void
}

/** Proves again who one is, through the provider: in a window of its own, so that what is typed here stays. */
export function ProviderProof({ provider, alone, onProven }: ProviderProofProps) {
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
      Prove it with {provider}
    </Button>
  )
}

const focus = (button: HTMLButtonElement | null) => button?.focus()
