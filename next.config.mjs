// A console that can nuke must not be clicked through somebody else's frame.
const headers = [
  { key: 'x-content-type-options', value: 'nosniff' },
  { key: 'x-frame-options', value: 'DENY' },
  { key: 'content-security-policy', value: "frame-ancestors 'none'" },
  { key: 'referrer-policy', value: 'same-origin' },
]

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  headers: async () => [{ source: '/:path*', headers }],
  // `npm run check` runs the type checker itself; the build need not do it twice.
  typescript: { ignoreBuildErrors: true },
  // Native modules and the driver stay outside the bundle, so that the API lane and Next share one copy.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pino', 'graphile-worker'],
}
