/**
 * A Dockerfile replayed without Docker: its COPY, RUN, ENV and WORKDIR steps run in an empty folder that stands for the root
 * of the image, by an ordinary user, with the Node of this test as the base image's. What this cannot show: that the base
 * image exists, that the apt-get line works in it, and what root's ownership of the files would forbid.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { debianPackages, dockerignore, execForm, type Instruction, parseDockerfile } from './dockerfile.ts';

export interface Image {
  /** A path in the image as it really is here. */
  at(path: string): string;
  /** What the last such instruction says, '' if there is none. */
  last(name: string): string;
  /** Packages of Debian that it installs. */
  readonly packages: readonly string[];
  /** What the container runs: ENTRYPOINT and CMD. */
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  /** Starts a command as the container would, plus some environment, as the leader of a group of processes. */
  start(command: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  /** Gives a file that the test has put there to the user whom everything runs as. */
  own(path: string): void;
  remove(): void;
}

/** Nobody, where the test is run by root; else whoever runs it. */
const isRoot = process.getuid?.() === 0;
const USER = isRoot ? { uid: 65_534, gid: 65_534 } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** Folders of the image that the steps and commands name; programs of the system stay where they are. */
const OWN_FOLDERS = /(?<=^|[\s"'=])\/(?=(?:opt\/zaigang|etc\/zaigang|var\/lib\/zaigang|usr\/local\/bin)(?:[/\s"']|$))/g;

export function buildImage(repository: string): Image {
  const root = mkdtempSync(join(tmpdir(), 'zaigang-image-'));
  const build = new Build(repository, root);
  try {
    build.prepare();
    for (const instruction of parseDockerfile(readFileSync(join(repository, 'Dockerfile'), 'utf8'))) {
      build.step(instruction);
    }
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
  const health = build.last('HEALTHCHECK').replace(/^.*?\bCMD\s+/, '');
  return {
    at: (path) => join(root, path),
    last: (name) => build.last(name),
    packages: build.packages,
    command: [...execForm(build.last('ENTRYPOINT')), ...execForm(build.last('CMD'))].map((word) => build.moved(word)),
    healthcheck: execForm(health),
    start([program = '', ...args], env = {}) {
      const options = { ...build.options(), env: { ...build.env, ...env }, detached: true };
      return spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    },
    own: (path) => build.own(path),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

class Build {
  readonly packages: string[] = [];
  readonly env: Record<string, string>;
  readonly #repository: string;
  readonly #root: string;
  readonly #done: Instruction[] = [];
  #workdir = '/';

  constructor(repository: string, root: string) {
    this.#repository = repository;
    this.#root = root;
    const { NODE_EXTRA_CA_CERTS, npm_config_registry, HTTPS_PROXY, HTTP_PROXY, NO_PROXY } = process.env;
    const given = { NODE_EXTRA_CA_CERTS, npm_config_registry, HTTPS_PROXY, HTTP_PROXY, NO_PROXY };
    this.env = {
      ...Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined)),
      HOME: join(root, 'home'),
      PATH: `${join(root, 'usr/local/bin')}:${dirname(npm())}:/usr/local/bin:/usr/bin:/bin`,
    };
  }

  last(name: string): string {
    return this.#done.findLast((instruction) => instruction.name === name)?.rest ?? '';
  }

  /** Paths of the image as they really are here. */
  moved(text: string): string {
    return text.replaceAll(OWN_FOLDERS, `${this.#root}/`);
  }

  options() {
    return { cwd: join(this.#root, this.#workdir), env: this.env, ...USER };
  }

  /** An empty root but for the base image's Node. */
  prepare(): void {
    chmodSync(this.#root, 0o755);
    this.own(this.#root);
    this.#folder('home');
    this.#folder('usr/local/bin');
    const node = join(this.#root, 'usr/local/bin/node');
    try {
      linkSync(process.execPath, node);
    } catch {
      copyFileSync(process.execPath, node);
    }
    this.#lendDownloads();
  }

  /** npm's cache, so that nothing is downloaded twice; another user may not read root's, and an enormous one is left. */
  #lendDownloads(): void {
    const cache = join(execFileSync(npm(), ['config', 'get', 'cache'], { encoding: 'utf8' }).trim(), '_cacache');
    if (!existsSync(cache) || Number.parseInt(execFileSync('du', ['-sm', cache], { encoding: 'utf8' }), 10) > 1000)
      return;
    cpSync(cache, join(this.#root, 'home/.npm/_cacache'), { recursive: true });
    this.own(join(this.#root, 'home/.npm'));
    this.env.npm_config_prefer_offline = 'true';
  }

  step(instruction: Instruction): void {
    const { name, rest } = instruction;
    this.#done.push(instruction);
    if (name === 'WORKDIR') {
      this.#workdir = rest;
      this.#folder(rest);
    } else if (name === 'ENV') {
      for (const [, key = '', value = ''] of rest.matchAll(/([A-Za-z_]\w*)=(\S+)/g)) this.env[key] = this.moved(value);
    } else if (name === 'COPY') this.#copy(rest.split(/\s+/));
    else if (name === 'RUN') this.#run(rest);
  }

  #run(rest: string): void {
    const packages = debianPackages(rest);
    if (packages !== null) {
      this.packages.push(...packages);
      return;
    }
    const script = this.moved(rest).replaceAll('node:node', `${USER.uid}:${USER.gid}`);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { ...this.options(), encoding: 'utf8' });
    if (status !== 0) throw new Error(`RUN ${rest}\nended with ${status}:\n${stdout}\n${stderr}`);
  }

  #copy(words: readonly string[]): void {
    const target = words.at(-1) ?? '';
    const to = join(this.#root, posix.resolve(this.#workdir, target));
    const ignored = dockerignore(readFileSync(join(this.#repository, '.dockerignore'), 'utf8'));
    for (const source of words.slice(0, -1)) {
      const from = join(this.#repository, source);
      if (ignored(source) || !existsSync(from)) throw new Error(`COPY ${words.join(' ')}: there is no ${source}`);
      const isFolder = lstatSync(from).isDirectory();
      cpSync(from, isFolder || !target.endsWith('/') ? to : join(to, basename(source)), {
        recursive: true,
        filter: (path) => !ignored(posix.relative(this.#repository, path)),
      });
    }
    this.own(to);
  }

  #folder(path: string): void {
    mkdirSync(join(this.#root, path), { recursive: true });
    this.own(join(this.#root, path.split('/').find((part) => part !== '') ?? ''));
  }

  /** With everything in it. */
  own(path: string): void {
    if (isRoot) execFileSync('chown', ['-R', `${USER.uid}:${USER.gid}`, path]);
  }
}

function npm(): string {
  return execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
}
