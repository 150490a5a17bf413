//! SIGINT and SIGTERM: the run ends in order, with a journal and reports of what was done, and with an exit
//! code of its own.

use crate::client::end_in_haste;
use crate::run::Stop;

/// The exit code of a run that a signal ended: 128 and the number of the signal, as shells have it.
pub(super) fn code(stop: &Stop) -> Option<u8> {
    match stop.signal() {
        signal @ (2 | 15) => Some(128 + signal),
        _ => None,
    }
}

/// Ends a run at the first signal. A second one ends the process at once; programs that were started
/// are killed before, since nobody else would end them.
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
                    end_in_haste();
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
