//! Enums whose values have a word each: the one list behind their ids in reports and options,
//! their JavaScript strings and the TypeScript union. A leaf; what the words mean is said where
//! each enum is.

/// Declares an enum with a word for each value: `ALL`, `id()` and `of_id()`, and with the feature
/// `wasm` its serialisation and its TypeScript declaration.
macro_rules! words {
    (
        $(#[doc = $about:literal])+
        pub enum $name:ident {
            $($(#[doc = $doc:literal])+ $value:ident = $word:literal,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $doc])+ $value,)+
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &[$name] = &[$($name::$value),+];

            /// Its word in reports and options.
            pub const fn id(self) -> &'static str {
                match self {
                    $($name::$value => $word,)+
                }
            }

            /// The one with this word.
            pub fn of_id(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.id() == word)
            }
        }

        #[cfg(feature = "wasm")]
        const _: () = {
            use wasm_bindgen::prelude::wasm_bindgen;

            #[wasm_bindgen(typescript_custom_section)]
            const DECLARATION: &str = concat!(
                "/**\n", $(" *", $about, "\n",)+ " */\n",
                "export type ", stringify!($name), " =", $(" | \"", $word, "\"",)+ ";\n\n",
            );

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    to.serialize_str(self.id())
                }
            }
        };
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    words! {
        /// How far a way is.
        pub enum Distance {
            /// A few steps.
            Near = "near",
            /// Hours.
            FarAway = "far-away",
        }
    }

    #[test]
    fn words_lead_there_and_back() {
        assert_eq!(Distance::ALL, [Distance::Near, Distance::FarAway]);
        assert_eq!(Distance::FarAway.id(), "far-away");
        assert_eq!(Distance::of_id("far-away"), Some(Distance::FarAway));
        assert_eq!(Distance::of_id("far"), None);
        assert!(Distance::Near < Distance::FarAway);
    }
}
