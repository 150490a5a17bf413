//! [`PairArgs`]: where the pair is.

use std::path::PathBuf;

use clap::Args;

use super::typed::assignment;
use crate::config::BaseUrl;

/// The URL of a side, behind which the paths of requests are put as they are.
fn side_url(text: &str) -> Result<BaseUrl, String> {
    let url = BaseUrl::parse(text)?;
    if url.ends_in_slash() {
        return Err("it has no slash at its end: requests begin with one".to_owned());
    }
    Ok(url)
}

/// Where the pair is.
#[derive(Debug, Args, Clone)]
pub(super) struct PairArgs {
    /// The pair file [default: cutover.yaml, if it is there]
    #[arg(short = 'c', long = "config", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The environment of the pair file
    #[arg(long, value_name = "NAME")]
    pub(super) env: Option<String>,
    /// The base URL of the old side
    #[arg(long, value_name = "URL", value_parser = side_url, requires = "new")]
    pub(super) old: Option<BaseUrl>,
    /// The base URL of the new side
    #[arg(long, value_name = "URL", value_parser = side_url, requires = "old")]
    pub(super) new: Option<BaseUrl>,
    /// Environment variable with a bearer token for the old side: the credential `app`
    #[arg(long, value_name = "NAME", requires = "old")]
    pub(super) old_bearer_env: Option<String>,
    /// Environment variable with a bearer token for the new side: the credential `app`
    #[arg(long, value_name = "NAME", requires = "new")]
    pub(super) new_bearer_env: Option<String>,
    /// A variable of the suites
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = assignment)]
    pub(super) vars: Vec<(String, String)>,
}

impl PairArgs {
    /// A pair file alone, or the one of the working folder.
    pub(super) fn of_file(config: Option<&PathBuf>, env: Option<&String>) -> Self {
        Self {
            config: config.cloned(),
            env: env.cloned(),
            old: None,
            new: None,
            old_bearer_env: None,
            new_bearer_env: None,
            vars: Vec::new(),
        }
    }
}
