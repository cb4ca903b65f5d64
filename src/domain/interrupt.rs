//! Whether the operator asked to stop (Ctrl-C, SIGTERM): raised by the signal handler, awaited by server calls.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// How often the operator asked to stop.
static RAISED: AtomicU32 = AtomicU32::new(0);
/// How many requests to stop are let pass before running work is cancelled.
static PATIENCE: AtomicU32 = AtomicU32::new(0);
static WAKE: Notify = Notify::const_new();
const POLL: Duration = Duration::from_millis(20);

/// Says that the operator wants to stop. Called from the signal handler's thread.
pub fn raise() {
    RAISED.fetch_add(1, Ordering::SeqCst);
    WAKE.notify_waiters();
}

/// From now on the first request to stop lets running work finish, and only a second one cancels it.
pub fn let_finish() {
    PATIENCE.store(1, Ordering::SeqCst);
}

/// Whether a stop was requested: nothing new should begin.
pub fn is_raised() -> bool {
    RAISED.load(Ordering::SeqCst) > 0
}

/// Whether running work is to be cancelled.
pub fn is_to_cancel() -> bool {
    RAISED.load(Ordering::SeqCst) > PATIENCE.load(Ordering::SeqCst)
}

/// Resolves once running work is to be cancelled.
pub async fn cancelled() {
    loop {
        let mut woken = pin!(WAKE.notified());
        // Registered before the count is read, so that no raise falls in between.
        woken.as_mut().enable();
        if is_to_cancel() {
            return;
        }
        woken.await;
    }
}

/// Sleeps; false if a stop was requested before the time was over.
pub fn sleep(time: Duration) -> bool {
    let end = Instant::now() + time;
    while !is_raised() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(POLL));
    }
    false
}
