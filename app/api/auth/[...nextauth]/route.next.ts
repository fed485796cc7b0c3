import NextAuth from 'next-auth'
import { authOptions, refusedParameter } from '#server/http/session/next-auth'

const handler = NextAuth(authOptions) as (request: Request, context: unknown) => Promise<Response>
const guarded = async (request: Request, context: unknown) => refusedParameter(request) ?? handler(request, context)

export { guarded as GET, guarded as POST }
