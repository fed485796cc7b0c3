import { CircleQuestionMark } from 'lucide-react'
import { IconButton, type IconButtonProps } from '#components/ui/icon-button'
import { type ConceptName, conceptNames } from './names.ts'

type ConceptButtonProps = Omit<IconButtonProps, 'label' | 'icon'> & { of: ConceptName }

/** The "?" beside a word. */
export function ConceptButton({ of, ...props }: ConceptButtonProps) {
  return (
    <IconButton
      {...props}
      size="sm"
      tooltip={false}
      label={`What is “${conceptNames[of]}”?`}
      icon={<CircleQuestionMark className="size-3.5 text-faint" />}
    />
  )
}
