//! Runs of programs as tests tell them, step by step. Times are in milliseconds.

use std::time::Duration;

use super::Terms;
use crate::client::observation::{Asked, Call, Ending, Issued, Observation, Said, Written};
use crate::client::wire::Message;
use crate::mock::document::Reissue;

/// What a program did, in order.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    run: Observation,
    life: u64,
    delay: u64,
}

impl Default for Story {
    fn default() -> Self {
        Self {
            run: Observation {
                ending: Ending::Exit(0),
                ms: 0.0,
                written: Written::default(),
                runs: vec![Duration::ZERO],
                issued: Vec::new(),
                asked: Vec::new(),
                calls: Vec::new(),
                beside: Vec::new(),
                files: Vec::new(),
                replies: Vec::new(),
                ports: Vec::new(),
                trouble: None,
                origin: "http://127.0.0.1:8080".to_owned(),
            },
            life: 3600,
            delay: 0,
        }
    }
}

/// Terms of a profile; the life in seconds.
pub(crate) fn terms(reissue: Reissue, life: u64) -> Terms {
    Terms {
        reissue,
        life: Duration::from_secs(life),
        delay: Duration::ZERO,
        together: false,
    }
}

impl Story {
    pub(crate) fn run(&self) -> Observation {
        self.run.clone()
    }

    pub(crate) fn slow(&mut self, ms: u64) -> &mut Self {
        self.delay = ms;
        self
    }

    /// The life of the tokens that follow, in seconds.
    pub(crate) fn life(&mut self, seconds: u64) -> &mut Self {
        self.life = seconds;
        self
    }

    /// Asks for a token and is given one.
    pub(crate) fn fetch(&mut self, at: u64, token: &str) -> &mut Self {
        self.ask(at, 200, "grant_type=client_credentials");
        let at = Duration::from_millis(at);
        if let Some(asked) = self.run.asked.last_mut() {
            asked.issued = Some(self.run.issued.len());
        }
        self.run.issued.push(Issued {
            token: token.to_owned(),
            refresh: None,
            at,
            until: at + Duration::from_secs(self.life),
            holder: String::new(),
        });
        self
    }

    /// Asks for a token in vain.
    pub(crate) fn refuse(&mut self, at: u64, status: u16) -> &mut Self {
        self.ask(at, status, "grant_type=client_credentials");
        self
    }

    fn ask(&mut self, at: u64, status: u16, body: &str) {
        self.run.asked.push(Asked {
            at: Duration::from_millis(at),
            answered: Some(Duration::from_millis(at + self.delay)),
            status,
            message: Message {
                method: "POST".to_owned(),
                target: "/token".to_owned(),
                fields: Vec::new(),
                body: body.as_bytes().to_vec(),
            },
            issued: None,
            said: Said::default(),
        });
    }

    /// Calls the API with `Bearer TOKEN`; an empty one sends no header.
    pub(crate) fn call(&mut self, at: u64, token: &str, status: u16) -> &mut Self {
        let value = format!("Bearer {token}").into_bytes();
        let field = ("Authorization".to_owned(), value);
        self.run.calls.push(Call {
            at: Duration::from_millis(at),
            status: Some(status),
            message: Message {
                method: "GET".to_owned(),
                target: "/api/orders".to_owned(),
                fields: if token.is_empty() {
                    Vec::new()
                } else {
                    vec![field]
                },
                body: Vec::new(),
            },
            said: Said::default(),
        });
        self
    }

    pub(crate) fn ends(&mut self, ending: Ending, stdout: &str, stderr: &str) -> &mut Self {
        self.run.ending = ending;
        self.run.written = Written {
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        };
        self
    }
}
