// Hosts without machines: network namespaces with an address each, on one bridge. A host is cut off by taking its cable out of the
// bridge: packets vanish, and nobody is told.
import { execFileSync } from 'node:child_process';

const SUBNET = '10.213.77';
const MOST_LETTERS = 8;

export class HostNetwork {
  private readonly id = process.pid.toString(36);
  private readonly bridge = `nsb${this.id}`;
  private readonly hosts = new Map<string, { readonly namespace: string; readonly cable: string }>();

  /** Why it cannot be made here; undefined: it can. */
  static whyNot(): string | undefined {
    if (process.platform !== 'linux') return 'network namespaces are a matter of Linux';
    if (process.getuid?.() !== 0) return 'only root may make network namespaces';
    const probe = `nsprobe${process.pid.toString(36)}`;
    try {
      ip('netns', 'add', probe);
      ip('netns', 'del', probe);
      return undefined;
    } catch (error) {
      const words = String((error as { stderr?: Buffer }).stderr ?? error).trim();
      return `"ip netns" does not work here (${words})`;
    }
  }

  constructor() {
    ip('link', 'add', this.bridge, 'type', 'bridge');
    ip('addr', 'add', `${SUBNET}.1/24`, 'dev', this.bridge);
    ip('link', 'set', this.bridge, 'up');
  }

  add(name: string): void {
    if (name.length > MOST_LETTERS) throw new Error(`${name} is too long for the name of a cable.`);
    const host = { namespace: `ns-${this.id}-${name}`, cable: `${name}${this.id}`.slice(0, 15) };
    this.hosts.set(name, host);
    ip('netns', 'add', host.namespace);
    ip('link', 'add', host.cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host.namespace);
    ip('link', 'set', host.cable, 'master', this.bridge, 'up');
    ip('-n', host.namespace, 'addr', 'add', `${this.addressOf(name)}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) ip('-n', host.namespace, 'link', 'set', device, 'up');
  }

  addressOf(name: string): string {
    return `${SUBNET}.${2 + [...this.hosts.keys()].indexOf(name)}`;
  }

  /** What stands before a command that is to run there. */
  on(name: string): readonly string[] {
    return ['ip', 'netns', 'exec', this.host(name).namespace];
  }

  cutOff(name: string): void {
    ip('link', 'set', this.host(name).cable, 'nomaster');
  }

  reconnect(name: string): void {
    ip('link', 'set', this.host(name).cable, 'master', this.bridge);
  }

  /** With every process that still runs on one of its hosts. */
  remove(): void {
    for (const { namespace, cable } of this.hosts.values()) {
      for (const pid of attempt(() => ip('netns', 'pids', namespace)).split('\n'))
        if (pid !== '') attempt(() => String(process.kill(Number(pid), 'SIGKILL')));
      attempt(() => ip('link', 'del', cable));
      attempt(() => ip('netns', 'del', namespace));
    }
    attempt(() => ip('link', 'del', this.bridge));
    this.hosts.clear();
  }

  private host(name: string) {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`There is no host ${name}.`);
    return host;
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** One thing that cannot be removed must not keep the others. */
function attempt(work: () => string): string {
  try {
    return work();
  } catch {
    return '';
  }
}
