import { textOf } from './markdown.ts'

const page = () => textOf('docs/operations.md')

/** Programs that the page calls. What else is in code there is a name, a setting or SQL. */
const programs = /^(?:\w+=\S+ )*(?:npx|npm|docker|podman|kubectl|systemctl|\/opt\/bulkhead\/bulkhead)\b/

const inOneLine = (text: string) => text.trim().replaceAll(/\s+/g, ' ')

/** Every command of docs/operations.md, in its order: the lines of its shell blocks and of its crontab, and those in the text. */
export function commandsOfOperations(): string[] {
  const found: string[] = []
  for (const [, language, block, code] of page().matchAll(/^```(\w*)\n([\s\S]*?)^```|`([^`]+)`/gm)) {
    if (block !== undefined && language === 'sh') found.push(...block.split('\n').map(inOneLine))
    // Five fields of time, and percent signs that cron would read itself.
    else if (block !== undefined && language === '') found.push(inOneLine(block.replace(/^(\S+ ){5}/, '').replaceAll('\\%', '%')))
    else if (code !== undefined && programs.test(inOneLine(code))) found.push(inOneLine(code))
  }
  return [...new Set(found.filter(Boolean))]
}

/** How a command is known to work. */
type Known =
  /** `npm run prove pack` runs it as it is written, with folders of its own. */
  | 'run'
  /** A test or a proof runs the same: its file, and what is in it. */
  | [file: string, text: string]
  /** Nothing here runs it: it needs what a test does not have. */
  | { needs: string }

const engine = { needs: 'a container engine; the proof of the image runs the same program with the image’s own settings' }
const cluster = { needs: 'a Kubernetes cluster' }
const init = { needs: 'a machine that systemd runs' }

export const knownCommands: Record<string, Known> = {
  'npm start': 'run',
  'npm ci': ['tools/install.mjs', "'ci'"],
  'npm run pack': 'run',
  'mkdir -p /opt/bulkhead': 'run',
  'tar -xzf dist/bulkhead-*-linux-x64.tar.gz -C /opt/bulkhead --strip-components=1': 'run',
  '/opt/bulkhead/bulkhead start': 'run',
  '/opt/bulkhead/bulkhead': 'run',
  'npx bulkhead': 'run',
  'install -D -m 0644 deploy/bulkhead.service /etc/systemd/system/bulkhead.service': 'run',
  'install -d -m 0700 /etc/bulkhead': 'run',
  "echo 'BULKHEAD_URL=https://bulkhead.example.com' > /etc/bulkhead/settings": 'run',
  'systemctl daemon-reload': init,
  'systemctl enable --now bulkhead': init,
  'journalctl -u bulkhead': init,
  'BULKHEAD_DATA_DIR=/var/lib/bulkhead /opt/bulkhead/bulkhead check': 'run',
  'podman build -f deploy/Containerfile -t bulkhead .': ['prove/pack/image.built.test.ts', "'-f', join(projectRoot, 'deploy'"],
  'docker build': engine,
  'podman run --read-only --tmpfs /tmp -p 127.0.0.1:3000:3000 --env-file settings bulkhead': engine,
  'podman run --rm --read-only --tmpfs /tmp --env-file settings bulkhead backup - > bulkhead.backup': engine,
  'cd deploy': 'run',
  'mkdir -m 0700 secrets': 'run',
  'openssl rand -hex 32 > secrets/bulkhead-secret': 'run',
  'openssl rand -hex 32 > secrets/database-password': 'run',
  'chmod 0444 secrets/*': 'run',
  'docker compose up -d': engine,
  'docker compose logs bulkhead': engine,
  'docker compose exec -T bulkhead bulkhead backup - > bulkhead.backup': engine,
  'kubectl apply -f deploy/kubernetes': cluster,
  'kubectl rollout status deployment/bulkhead': cluster,
  'kubectl logs deployment/bulkhead': cluster,
  'kubectl exec deployment/bulkhead -- bulkhead backup - > bulkhead.backup': cluster,
  'install -d -m 0700 /var/backups/bulkhead': 'run',
  'npx bulkhead backup /var/backups/bulkhead/2026-11-30.backup': 'run',
  'npx bulkhead backup -': 'run',
  'npx bulkhead backup - | age -r … > FILE': ['server/cli/restore.test.ts', "['restore', '-'"],
  'cd /opt/bulkhead && npx bulkhead backup /var/backups/bulkhead/$(date +%F).backup': 'run',
  'mkdir -p /srv/bulkhead-new && cp SECRET /srv/bulkhead-new/secret': 'run',
  'BULKHEAD_DATA_DIR=/srv/bulkhead-new npx bulkhead restore /var/backups/bulkhead/2026-11-30.backup': 'run',
  'DATABASE_URL=… BULKHEAD_SECRET=… npx bulkhead restore FILE': ['server/cli/restore.test.ts', "['restore', file]"],
  'npx bulkhead resume tokens': 'run',
  'npx bulkhead resume sending': 'run',
  'npx bulkhead resume': 'run',
  'npx bulkhead version': 'run',
  'DATABASE_URL=… npm run db:indexes': ['db/indexes.test.ts', 'indexes'],
  'npm run db:indexes': ['db/indexes.test.ts', 'indexes'],
  'BULKHEAD_METRICS_PORT=9464 npm start': ['test/operated.built.test.ts', 'BULKHEAD_METRICS_PORT'],
  'npx bulkhead rotate-secrets': 'run',
  'npx bulkhead reload': ['test/workers.built.test.ts', "command('reload')"],
}
