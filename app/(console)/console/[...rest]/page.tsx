import { notFound } from 'next/navigation'

/** Every address below the console that no screen has. */
export default function UnknownPage() {
  notFound()
}
