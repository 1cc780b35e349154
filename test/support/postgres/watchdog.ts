import { spawn } from 'node:child_process';

/** Ends the server at once and removes its folder when the pipe closes, which it does however this process ends. */
const SCRIPT = 'cat > /dev/null; kill -QUIT "$1" 2> /dev/null; sleep 1; rm -rf "$2"';

/**
 * A server must not outlive the process that started it, also where that is killed.
 *
 * @returns what calls the watch off, for a server that is ended in another way
 */
export function endWithThisProcess(pid: number, folder: string): () => void {
  const watchdog = spawn('sh', ['-c', SCRIPT, 'sh', String(pid), folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref(); // a pipe is a socket here
  watchdog.stdin.on('error', () => {});
  return () => watchdog.kill('SIGKILL');
}
