// The screen stays on while the crew has a job, where the device allows it.

let lock: WakeLockSentinel | undefined;
let wanted = false;

async function take(): Promise<void> {
  if (!wanted || lock || document.hidden || !('wakeLock' in navigator)) return;
  try {
    lock = await navigator.wakeLock.request('screen');
    lock.onrelease = () => (lock = undefined);
  } catch {
    // low battery: the device decides
  }
}

export function keepAwake(on: boolean): void {
  wanted = on;
  if (on) void take();
  else void lock?.release();
}

document.addEventListener('visibilitychange', () => void take());
