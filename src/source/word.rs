//! [`word!`]: an enumeration of words, declared once.

/// Declares an enum whose variants are words of a file format: the enum, its decoder (which names
/// the nearest word), its word and its schema. Words under `later` are known but not yet in force.
macro_rules! word {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident is $what:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )*
        }
        $( later { $( $later:literal ),* $(,)? } )?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $name {
            $( $(#[$variant_meta])* $variant, )*
        }

        impl $name {
            /// The word as files and reports write it.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }

        impl $crate::source::Decode for $name {
            fn decode(
                node: &$crate::source::Node,
                cx: &mut $crate::source::Cx<'_>,
            ) -> Option<Self> {
                let text = <String as $crate::source::Decode>::decode(node, cx)?;
                match text.as_str() {
                    $( $word => Some(Self::$variant), )*
                    $( $( $later )|* => {
                        let message = format!(concat!("the ", $what, " `{}` is not yet in force in this version"), text);
                        cx.error(node.span, message, "comes later")
                    } )?
                    _ => cx.unknown(node.span, $what, &text, &[$($word),*]),
                }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($word),*] })
            }
        }
    };
}
pub(crate) use word;
