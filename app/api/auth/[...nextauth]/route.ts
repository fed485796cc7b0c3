import NextAuth from 'next-auth'
import { authOptions, refusedAddress } from '#server/http/next-auth'

const handler = NextAuth(authOptions) as (request: Request, context: unknown) => Promise<Response>
const guarded = async (request: Request, context: unknown) => refusedAddress(request) ?? handler(request, context)

export { guarded as GET, guarded as POST }
