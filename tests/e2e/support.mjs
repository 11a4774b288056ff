// What the end-to-end tests share: running the program as a shell does, and small programmes to run it on.
// HANSA is the binary (CTest sets it); the default is that of the release build.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BINARY = realpathSync(process.env.HANSA ?? fileURLToPath(new URL('../../build/hansa', import.meta.url)));

// Exit codes of docs/reference/exit-codes.md.
export const EXIT = { ok: 0, usage: 2, rejected: 3, invalid: 4, notFound: 5, conflict: 6, busy: 7, io: 10, full: 11, corrupt: 12, denied: 16, attention: 17, interrupted: 130 };

// A command that hangs fails its test instead of the whole run.
const TIME_LIMIT_MS = 120_000;

export async function until(condition) {
  for (let waited = 0; !condition(); waited += 5) {
    assert.ok(waited < TIME_LIMIT_MS, 'waited in vain');
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

// A directory of the test's own, gone when the test is.
export function directory(t) {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'hansa-e2e-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function hansa(args, { cwd, input, env } = {}) {
  const done = spawnSync(BINARY, args, { cwd, input, env: { ...process.env, ...env }, maxBuffer: 1 << 28, timeout: TIME_LIMIT_MS });
  assert.equal(done.error, undefined);
  return { code: done.status, signal: done.signal, out: done.stdout.toString(), err: done.stderr.toString() };
}

// Runs what must succeed, and gives what it printed.
export function ok(args, options) {
  const done = hansa(args, options);
  assert.equal(done.code, EXIT.ok, `hansa ${args.join(' ')}: ${done.err}`);
  return done.out;
}

// A command line of a real shell, in which $HANSA is the program.
export function shell(command, { cwd } = {}) {
  const done = spawnSync('bash', ['-c', command], { cwd, env: { ...process.env, HANSA: BINARY }, maxBuffer: 1 << 28 });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}

// A process that a test may stop in the middle: resolves to how it ended.
export function start(args, options) {
  const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const done = new Promise((resolve) => {
    let out = '';
    let err = '';
    child.stdout.on('data', (piece) => { out += piece; });
    child.stderr.on('data', (piece) => { err += piece; });
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, done };
}

export const query = (data, text) => JSON.parse(ok(['sql', text, '--data', data, '--json']));
export const count = (data, table) => query(data, `SELECT count(*) AS n FROM ${table}`)[0].n;

// Says nothing about when it was made: the same record gives the same bytes.
export const report = (data, ...options) => ok(['report', '--data', data, '--json', ...options]);

export function programme(t, name = 'programme') {
  const data = join(directory(t), name);
  ok(['init', data]);
  return data;
}

export function file(t, name, content) {
  const path = join(directory(t), name);
  writeFileSync(path, content);
  return path;
}

// The same world for the same arguments: the last digit tells persons, partners and hours apart.
export function touches(rows, { first = 0, partners = ['alpha', 'beta', 'gamma'], hours = 1 } = {}) {
  const lines = ['touch_id,person,occurred_at,partner,kind'];
  for (let i = first; i < first + rows; i++) {
    const at = new Date(Date.UTC(2026, 0, 1) + i * hours * 60_000).toISOString();
    lines.push(`t-${i},v-${i % Math.max(1, Math.floor(rows / 3))},${at},${partners[(i * 7 + Math.floor(i / 5)) % partners.length]},click`);
  }
  return lines.join('\n') + '\n';
}

export function orders(rows, { first = 0, persons = rows } = {}) {
  const lines = ['order_id,person,occurred_at,amount,currency'];
  for (let i = first; i < first + rows; i++) {
    const at = new Date(Date.UTC(2026, 0, 20) + i * 60_000).toISOString();
    lines.push(`o-${i},v-${i % persons},${at},${10 + (i % 90)}.${String(i % 100).padStart(2, '0')},EUR`);
  }
  return lines.join('\n') + '\n';
}

// Every file below a directory with the hash of its content, without the lock and what is made anew.
export function fingerprint(path, prefix = '') {
  const found = {};
  for (const name of readdirSync(path).sort()) {
    const full = join(path, name);
    if (statSync(full).isDirectory()) Object.assign(found, fingerprint(full, `${prefix}${name}/`));
    else found[prefix + name] = createHash('sha256').update(readFileSync(full)).digest('hex');
  }
  return found;
}

// Small, seeded, and good enough to choose moments: mulberry32.
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
