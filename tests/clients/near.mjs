// Names below localhost are this computer, whatever the resolver knows (RFC 6761, 6.3); and the person with a browser.
import dns from 'node:dns';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const lookup = dns.lookup;
dns.lookup = (name, ...more) => lookup(String(name).endsWith('.localhost') ? '127.0.0.1' : name, ...more);

const browser = fileURLToPath(new URL('browser.py', import.meta.url));

/** Lets a program in, as `browser.py` does; answers the code to give it. */
export function letIn(address, name, password) {
  return execFileSync(process.env.POLYLOGUE_TEST_PYTHON ?? 'python3', [browser, address, name, password], { encoding: 'utf8' }).trim();
}

/** Fails where something is not so. */
export function must(so, what) {
  if (!so) throw new Error(`not so: ${JSON.stringify(what)}`);
}

/** Fails where something is done that should be refused. */
export async function refused(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}
