//! `cutover schema`: the JSON Schema of each file format, generated from the types.

use super::args::{SchemaArgs, SchemaKind};
use super::context::Context;
use super::problem::Problem;
use crate::client::ProfileDoc;
use crate::config::PairDoc;
use crate::mock::document::DoubleDoc;
use crate::platform::PlatformDoc;
use crate::readiness::ReadinessDoc;
use crate::results::Results;
use crate::suite::SuiteFile;

/// Prints a schema.
pub(super) fn schema(args: &SchemaArgs, context: &Context) -> Result<u8, Problem> {
    let schema = match args.what {
        SchemaKind::Suite => schemars::schema_for!(SuiteFile),
        SchemaKind::Pair => schemars::schema_for!(PairDoc),
        SchemaKind::Double => schemars::schema_for!(DoubleDoc),
        SchemaKind::Results => schemars::schema_for!(Results),
        SchemaKind::Profile => schemars::schema_for!(ProfileDoc),
        SchemaKind::Platform => schemars::schema_for!(PlatformDoc),
        SchemaKind::Readiness => schemars::schema_for!(ReadinessDoc),
    };
    context.print_json(schema.as_value())?;
    Ok(0)
}
