//! One profile: served, the program run in it, and what it did observed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::drive;
use super::judge::{Tokens, number};
use super::observation::{Ending, Holding, Observation, Reply, Seen, Traffic, Written};
use super::pass::{Behind, RealSide, Trouble};
use super::profile::Profile;
use super::program::{CA, Client, RunScope, Values};
use super::runner::{self, Finished, Program};
use super::service::{Course, CourseError, PORT, StopBy, free_port};
use super::space::Space;
use crate::mock::document::TokenDoc;
use crate::mock::{Doubles, Relay, Running, StartError, StartOptions};
use crate::redact::Secrets;
use crate::results::Reason;
use crate::template::{Scope, Undefined};

/// Why a profile could not be run.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The program cannot be started.
    #[error("cannot start `{program}`: {source}{}", hint(.program, .source))]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The doubles cannot be started.
    #[error(transparent)]
    Serve(#[from] StartError),
    /// A folder or file cannot be made.
    #[error("the folders of the program cannot be made: {0}")]
    Folders(io::Error),
    /// A placeholder without a value.
    #[error(transparent)]
    Undefined(#[from] Undefined),
    /// The profile and what the suite serves do not fit together.
    #[error("{0}")]
    Profile(String),
}

fn hint(program: &str, source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound if program.contains('/') => {
            " (a path starts from the folder of the suite; the working folder must be there too)"
        }
        io::ErrorKind::NotFound => " (it is looked for in PATH)",
        io::ErrorKind::PermissionDenied => " (is it executable?)",
        _ => "",
    }
}

/// What a run is given from outside.
#[derive(Clone)]
pub struct Outside {
    /// Values of placeholders.
    pub scope: Arc<dyn Scope + Send + Sync>,
    /// The variables of the environment that are passed on: PATH, LANG, LC_*, TZ, and those named.
    pub environment: Arc<Vec<(String, String)>>,
    /// Secrets of the run; those of the profile are added.
    pub secrets: Secrets,
    /// The real side that calls are passed on to, where they are.
    pub real: Option<Arc<dyn RealSide>>,
}

impl std::fmt::Debug for Outside {
    // The values may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outside({} variables)", self.environment.len())
    }
}

/// Connections of one run that are kept: as many as a program makes that keeps none alive.
const CONNECTIONS: usize = 20_000;
/// Answers of one run that are kept.
const ANSWERS: usize = 100_000;

/// Runs the program in a profile. `stop` ends it before its time.
pub(crate) async fn observe<F: Future<Output = ()>>(
    client: &Client,
    profile: &Profile,
    outside: &Outside,
    stop: impl Fn() -> F,
) -> Result<Observation, ClientError> {
    let double = profile.double(client.served.as_ref(), client.tls);
    let double = double.map_err(|problems| ClientError::Profile(problems.render(false)))?;
    let behind = outside.real.clone().map(|side| Arc::new(Behind::new(side)));
    let relay = behind.clone().map(|behind| behind as Arc<dyn Relay>);
    let options = StartOptions::default();
    let doubles = Doubles::start_before(vec![double], &options, relay).await?;
    let mut observed = match doubles.running() {
        [running, ..] => in_front_of(running, client, profile, outside, stop).await,
        [] => Err(ClientError::Profile("nothing is served".to_owned())),
    };
    doubles.stop().await;
    if let Ok(observed) = &mut observed
        && let Some(trouble) = behind.and_then(|behind| behind.trouble())
    {
        observed.trouble = Some(trouble);
    }
    observed
}

async fn in_front_of<F: Future<Output = ()>>(
    running: &Running,
    client: &Client,
    profile: &Profile,
    outside: &Outside,
    stop: impl Fn() -> F,
) -> Result<Observation, ClientError> {
    let space = Space::new().map_err(ClientError::Folders)?;
    running.keep(CONNECTIONS, ANSWERS);
    let (program, course) = prepare(running, client, profile, outside, &space)?;
    let mut runs = Vec::new();
    let mut written = Written::default();
    let (mut ending, mut ms) = (None, 0.0);
    let (mut replies, mut ports) = (Vec::new(), Vec::new());
    for _ in 0..profile.runs {
        runs.push(running.elapsed());
        let (finished, served) = once(&program, course.as_ref(), stop()).await?;
        if let Some((told, said)) = served {
            replies.push(said);
            ports.extend(told);
        }
        written.stdout.push_str(&finished.written.stdout);
        written.stderr.push_str(&finished.written.stderr);
        ms += finished.ms;
        ending = Some(finished.ending);
        if !finished.ending.is_good() {
            break;
        }
    }
    let seen = Seen {
        connections: running.connections(),
        answered: running.answered(),
    };
    let traffic = Traffic::of(&seen, profile.token());
    learn(&outside.secrets, &traffic);
    let files = searched(space, Tokens::of(&traffic.issued), program.cwd).await?;
    Ok(Observation {
        ending: ending.unwrap_or(Ending::Exit(0)),
        ms,
        written,
        runs,
        issued: traffic.issued,
        asked: traffic.asked,
        calls: traffic.calls,
        beside: traffic.beside,
        files,
        replies,
        ports,
        trouble: running.lacks_some().then(too_much),
        origin: running.url(),
    })
}

/// One run of the program; of a service also its ports, the one that it was given first, and its answers.
async fn once(
    program: &Program,
    course: Option<&Course>,
    stop: impl Future<Output = ()>,
) -> Result<(Finished, Option<([u16; 2], Vec<Reply>)>), ClientError> {
    let ran = match course {
        None => runner::run(program, stop).await.map(|ran| (ran, None)),
        Some(course) => {
            let served = drive::serve(program, course, stop).await;
            served.map(|served| {
                let ports = [course.port, served.port];
                (served.finished, Some((ports, served.replies)))
            })
        }
    };
    ran.map_err(|source| ClientError::Start {
        program: program.argv.first().cloned().unwrap_or_default(),
        source,
    })
}

/// Every token of a run is a secret.
fn learn(secrets: &Secrets, traffic: &Traffic) {
    for issued in &traffic.issued {
        secrets.add("access_token", &issued.token);
        if let Some(refresh) = &issued.refresh {
            secrets.add("refresh_token", refresh);
        }
    }
}

/// More was sent than is kept: what is not known any more cannot be held against what is.
fn too_much() -> Trouble {
    Trouble {
        reason: Reason::BodyLimit,
        message: format!(
            "the program made more requests than are kept of one run ({} connections, {} answers, \
             17 MiB of a connection), so that its tokens cannot be followed: let it make fewer",
            number(CONNECTIONS),
            number(ANSWERS)
        ),
    }
}

/// Looks into the files of a run, and removes its folders: both take their time, and other programs are
/// served meanwhile.
async fn searched(space: Space, wanted: Tokens, cwd: PathBuf) -> Result<Vec<Holding>, ClientError> {
    let search = move || space.search(&wanted, &cwd);
    let found = tokio::task::spawn_blocking(search).await;
    found.map_err(|error| ClientError::Folders(io::Error::other(error)))
}

fn prepare(
    running: &Running,
    client: &Client,
    profile: &Profile,
    outside: &Outside,
    space: &Space,
) -> Result<(Program, Option<Course>), ClientError> {
    let mut values = values(running, profile, space, &outside.secrets);
    let port = client.service.as_ref().map(|_| free_port());
    values.0.extend(port.map(|port| (PORT, port.to_string())));
    let scope = RunScope {
        values: &values,
        outside: outside.scope.as_ref(),
    };
    for (name, bytes) in &client.files {
        let bytes = values.fill(bytes);
        space.add(name, &bytes).map_err(ClientError::Folders)?;
    }
    let mut env = outside.environment.as_ref().clone();
    env.extend(space.environment());
    env.extend(values.environment());
    env.extend(trust(running, space)?);
    for (name, value) in &client.env {
        env.push((name.clone(), value.render(&scope)?));
    }
    let argv = argv(client, &scope, space)?;
    let cwd = client.cwd.clone().unwrap_or_else(|| space.files());
    let stopping = client.stopping.as_ref();
    let program = Program {
        argv,
        cwd: absolute(&cwd),
        env,
        timeout: client.timeout,
        serves: client.serves,
        signal: match stopping.map(|stopping| &stopping.by) {
            Some(StopBy::Signal(signal)) => Some(*signal),
            _ => None,
        },
        within: stopping.map(|stopping| stopping.within),
    };
    let course = match (&client.service, port) {
        (Some(service), Some(port)) => {
            let course = Course::of(service, stopping, profile, port, &scope);
            Some(course.map_err(|error| match error {
                CourseError::Undefined(undefined) => ClientError::Undefined(undefined),
                CourseError::Place(why) => ClientError::Profile(why),
            })?)
        }
        _ => None,
    };
    Ok((program, course))
}

/// The program and its arguments. A path to a program begins in the folder of its suite, or leads to a file
/// that it was given.
fn argv(client: &Client, scope: &RunScope<'_>, space: &Space) -> Result<Vec<String>, ClientError> {
    let argv = client.run.iter().map(|part| part.render(scope));
    let mut argv: Vec<String> = argv.collect::<Result<_, _>>()?;
    if let Some(program) = argv.first_mut().filter(|program| program.contains('/')) {
        let from = if client.cwd.is_none() && space.files().join(&**program).exists() {
            space.files()
        } else {
            absolute(&client.folder)
        };
        *program = from.join(&**program).display().to_string();
    }
    Ok(argv)
}

/// The variables that lead to the certificate to trust, where there is one.
fn trust(running: &Running, space: &Space) -> Result<Vec<(String, String)>, ClientError> {
    let Some(ca) = running.ca_pem() else {
        return Ok(Vec::new());
    };
    let path = space.files().with_file_name("ca.pem");
    std::fs::write(&path, ca).map_err(ClientError::Folders)?;
    let path = path.display().to_string();
    let names = [
        "CUTOVER_CA",
        "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
    ];
    Ok(names.map(|name| (name.to_owned(), path.clone())).to_vec())
}

/// The system looks for a program in the working folder, and for a working folder in our own.
fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// What `{{names}}` and `CUTOVER_NAMES` stand for.
fn values(running: &Running, profile: &Profile, space: &Space, secrets: &Secrets) -> Values {
    let server: &TokenDoc = profile.token();
    let url = running.url();
    let beside = |path: &Option<crate::source::Spanned<String>>| {
        path.as_ref()
            .map(|path| format!("{url}{}", path.value))
            .unwrap_or_default()
    };
    let client = server.clients.first();
    let user = server.users.first();
    let secret = client
        .map(|client| client.secret.reveal().to_owned())
        .unwrap_or_default();
    let password = user
        .map(|user| user.password.reveal().to_owned())
        .unwrap_or_default();
    let id = client.map(|client| client.id.clone()).unwrap_or_default();
    secrets.add_basic("client_secret", &id, &secret);
    secrets.add("password", &password);
    let mut values = vec![
        ("token_url", running.token_url().unwrap_or_default()),
        ("api_url", format!("{url}{}", running.base())),
        ("revoke_url", beside(&server.revoke)),
        ("introspect_url", beside(&server.introspect)),
        ("jwks_url", beside(&server.jwks)),
        ("client_id", id),
        ("client_secret", secret),
        (
            "username",
            user.map(|user| user.name.clone()).unwrap_or_default(),
        ),
        ("password", password),
        ("profile", profile.name.clone()),
        ("files", space.files().display().to_string()),
    ];
    if running.ca_pem().is_some() {
        let path = space.files().with_file_name("ca.pem");
        values.push((CA, path.display().to_string()));
    }
    Values(values)
}
