import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { Form } from '#components/form/form'
import { TextareaField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { SetSecretValue } from '#contract/catalog/secrets'
import { useSetSecretValue } from '#queries/catalog/secrets'

interface SetValueDialogProps {
  org: string
  project: string
  envName: string
  name: string
  /** A value exists, which this one replaces. */
  replaces: boolean
  onClose: () => void
}

/** Sets a secret's value in one environment. It is stored encrypted and cannot be read back here. */
export function SetValueDialog({ org, project, envName, name, replaces, onClose }: SetValueDialogProps) {
  const toast = useToast()
  const set = useSetSecretValue(org, project)
  const form = useForm({ resolver: zodResolver(SetSecretValue), defaultValues: { value: '' } })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`${replaces ? 'Replace' : 'Set'} the value of ${name}`}
      description={`In ${envName}. ${replaces ? 'This replaces the current value. ' : ''}The value is stored encrypted and never shown again.`}
    >
      <Form
        form={form}
        error={set.error}
        pending={set.isPending}
        submitLabel={replaces ? 'Replace value' : 'Set value'}
        onCancel={onClose}
        onSubmit={({ value }) =>
          set.mutate(
            { envName, name, value },
            {
              onSuccess: () => {
                toast(`${name} has a value in ${envName}`)
                set.reset()
                onClose()
              },
            },
          )
        }
      >
        <TextareaField
          control={form.control}
          name="value"
          label="Value"
          mono
          hint="Up to 65,536 characters, stored exactly as entered."
        />
      </Form>
    </Dialog>
  )
}
