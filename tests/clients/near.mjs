// Names below localhost are this computer, whatever the resolver knows (RFC 6761, 6.3); and the person with a browser.
import dns from 'node:dns';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import WS from 'ws';

const lookup = dns.lookup;
dns.lookup = (name, ...more) => lookup(String(name).endsWith('.localhost') ? '127.0.0.1' : name, ...more);

// Node before 22 has neither, and masto.js takes both for granted.
globalThis.WebSocket ??= WS;
Promise.withResolvers ??= function withResolvers() {
  let parts;
  const promise = new this((resolve, reject) => (parts = { resolve, reject }));
  return { promise, ...parts };
};

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

/** Waits for something, a minute at most. */
export function within(promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('it did not come in time')), 60_000).unref());
  return Promise.race([promise, late]);
}

/** A socket that knows when what it asked is done: a ping is answered after what was said before it. */
export class Listening extends WS {
  static #done = 0;
  static #waits = [];

  send(data) {
    super.send(data);
    this.ping();
    this.once('pong', () => {
      Listening.#done += 1;
      for (const [number, resolve] of Listening.#waits) if (Listening.#done >= number) resolve();
    });
  }

  /** Waits until so many subscriptions are done. */
  static subscribed(number) {
    return new Promise((resolve) => {
      if (Listening.#done >= number) resolve();
      else Listening.#waits.push([number, resolve]);
    });
  }
}
