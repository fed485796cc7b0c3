import { useRouter } from 'next/navigation'
import { paths } from '#contract/paths'
import { useSignIn } from '#queries/accounts/session'

/** Signs in to an account that was just created. If that fails, the sign-in page takes over. */
export function useEnter() {
  const router = useRouter()
  const signIn = useSignIn()
  return (credentials: { email: string; password: string }, home: string) =>
    signIn.mutate(credentials, { onSuccess: () => router.replace(home), onError: () => router.replace(paths.login(home)) })
}
