/** The command as it is shipped. */
export const ZAIGANG = new URL('../zaigang', import.meta.url).pathname;

/** With what it starts Node; for what is measured in a process of its own beside it. A daemon stops seldom for long. */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'];
export const DAEMON_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'];
