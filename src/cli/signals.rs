//! SIGINT and SIGTERM: the run ends in order, with a journal and reports of what was done.

use crate::run::Stop;

/// Ends a run at the first signal. A second one takes effect as if nobody listened.
pub(super) fn listen(stop: Stop) {
    tokio::spawn(async move {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let Ok(mut terminate) = signal(SignalKind::terminate()) else {
                return;
            };
            let mut interrupts = 0;
            loop {
                let signal = tokio::select! {
                    _ = tokio::signal::ctrl_c() => 2,
                    _ = terminate.recv() => 15,
                };
                interrupts += 1;
                stop.stop(signal);
                if interrupts > 1 {
                    #[expect(
                        clippy::exit,
                        reason = "a person asked twice; what was done is on disk"
                    )]
                    std::process::exit(128 + i32::from(signal));
                }
            }
        }
        #[cfg(not(unix))]
        {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.stop(2);
            }
        }
    });
}
