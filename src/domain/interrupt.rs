//! Whether the operator asked to stop (Ctrl-C, SIGTERM): raised by the signal handler, awaited by server calls.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

static RAISED: AtomicBool = AtomicBool::new(false);
static WAKE: Notify = Notify::const_new();

/// Says that the operator wants to stop. Called from the signal handler's thread.
pub fn raise() {
    RAISED.store(true, Ordering::SeqCst);
    WAKE.notify_waiters();
}

/// Whether a stop was asked for.
pub fn is_raised() -> bool {
    RAISED.load(Ordering::SeqCst)
}

/// Resolves once a stop is asked for.
pub async fn raised() {
    let mut woken = pin!(WAKE.notified());
    // Registered before the flag is read, so that no raise falls in between.
    woken.as_mut().enable();
    if !is_raised() {
        woken.await;
    }
}
