/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm run check` runs the type checker itself; the build need not do it twice.
  typescript: { ignoreBuildErrors: true },
  // Native modules and the driver stay outside the bundle, so that the API lane and Next share one copy.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pino', 'graphile-worker'],
}
