//! The integration tests, in one binary: a module for each capability.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test code"
)]

mod accepted;
mod canary;
mod canary_commands;
mod canary_places;
mod canary_secrets;
mod capacity;
mod certificates;
mod chunks;
mod ci_docs;
mod client_key;
mod client_pass;
mod client_services;
mod client_suites;
mod clients;
mod command;
mod conformance;
mod connection;
mod console;
mod control_characters;
mod corpus;
mod defects_page;
mod demo;
mod differences_run;
mod docs;
mod documents;
mod drift;
mod filled;
mod harness;
mod hostile_side;
mod interrupted;
mod issuer;
mod journal;
mod journal_support;
mod large_body;
mod migrating;
mod mistakes;
mod mock_gateway;
mod mock_listener;
mod mock_shipped;
mod mock_support;
mod mock_token;
mod mock_token_forms;
mod multipart;
mod one_id;
mod own_url;
#[path = "../page.rs"]
mod page;
mod parts;
mod pipes;
mod places;
mod plain_http;
mod probe_forged;
mod probe_founded;
mod probe_gate;
mod probe_mistakes;
mod probe_network;
mod probe_shipped;
mod probe_tampered;
mod probe_tls;
mod probe_tokens;
mod probes;
mod readiness;
mod readme;
mod redact;
mod report;
mod retries;
mod rules_used;
mod run;
mod samples;
mod sandbox;
mod scenarios;
mod schemas;
mod selection;
mod serve;
mod shown;
mod terminal;
mod token_bad_input;
mod token_command;
mod token_discovery;
mod token_endpoints;
mod token_grants;
mod token_refusals;
mod token_sharing;
mod token_signature;
mod token_uses;
mod tokens;
mod trial_findings;
mod writes;
mod xml_pairs;
mod xml_run;
