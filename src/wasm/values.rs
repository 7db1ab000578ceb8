//! From the core's values to JavaScript's: a serde serializer that makes objects, so that what a
//! report looks like is written once, where its types are.
//!
//! A span becomes a range, with lines and UTF-16 offsets; each is made once and shared, for the
//! issues of a long file name the same places many times. What is `None` is left out.

use super::text::Text;
use crate::cache::replay::DOCKERFILE;
use crate::digest::Numbers;
use crate::report::REWRITTEN;
use crate::text::{LineIndex, Span};
use js_sys::{Array, JsString, Object};
use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};
use wasm_bindgen::prelude::*;

// As js-sys has them, but that take the value: a value that is kept has to be dropped.
#[wasm_bindgen]
extern "C" {
    /// An object whose properties are set.
    pub type Record;

    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Record, name: &JsString, value: JsValue);

    /// A list in the making.
    pub type Items;

    #[wasm_bindgen(method)]
    fn push(this: &Items, value: JsValue);
}

/// What the values of one call share.
pub struct Values<'a> {
    text: &'a Text,
    names: Made<JsString>,
    /// The texts that places may be of.
    texts: Vec<Places<'a>>,
    /// Which of them those are that are made now.
    at: usize,
    /// Where the texts begin that indices count from.
    first: usize,
    /// Where those begin that the file was rewritten to.
    rewritten: usize,
}

/// What was made, by numbers.
struct Made<T>(Numbers, Vec<T>);

/// The places of one text.
struct Places<'a> {
    index: LineIndex<'a>,
    ranges: Made<JsValue>,
}

/// The error of a serializer that has none.
#[derive(Debug)]
pub enum Never {}

impl<'a> Values<'a> {
    /// Values whose spans are of `text`.
    pub fn new(text: &'a Text) -> Values<'a> {
        Values::of_texts(text, [text.text.as_str()], 0)
    }

    /// Values whose spans are of several texts, those from `rewritten` on where they are of what
    /// was rewritten.
    pub fn of_texts(
        text: &'a Text,
        texts: impl IntoIterator<Item = &'a str>,
        rewritten: usize,
    ) -> Values<'a> {
        let names = Made(Numbers::default(), Vec::new());
        let texts = texts.into_iter().map(Places::new).collect();
        Values { text, names, texts, at: 0, first: 0, rewritten }
    }

    /// The same where some spans are of what the text was rewritten to.
    pub fn with_rewritten(text: &'a Text, rewritten: &'a str) -> Values<'a> {
        Values::of_texts(text, [text.text.as_str(), rewritten], 1)
    }

    /// `value` in JavaScript.
    pub fn make(mut self, value: &impl Serialize) -> JsValue {
        let Ok(made) = value.serialize(&mut self);
        made
    }

    /// Sets a property, whose name is made once and known by where it stands.
    #[inline(never)]
    fn set(&mut self, object: &Record, name: &'static str, value: JsValue) {
        if !value.is_undefined() {
            let name = self.names.get(name.as_ptr() as u64, || JsString::from(name));
            object.set(name, value);
        }
    }

    fn range(&mut self, span: Span) -> JsValue {
        let key = u64::from(span.start) << 32 | u64::from(span.end);
        let places = &self.texts[self.at];
        if let Some(at) = places.ranges.0.index(key) {
            return places.ranges.1[at].clone();
        }
        let range: Record = Object::new().unchecked_into();
        for (name, offset) in [("start", span.start), ("end", span.end)] {
            let Ok(position) = self.texts[self.at].index.position(offset).serialize(&mut *self);
            self.set(&range, name, position);
        }
        let range = JsValue::from(range);
        self.texts[self.at].ranges.get(key, || range).clone()
    }
}

impl<T> Made<T> {
    fn get(&mut self, key: u64, make: impl FnOnce() -> T) -> &T {
        let next = self.1.len();
        let at = self.0.keep(key, next as u64) as usize;
        if at == next {
            self.1.push(make());
        }
        &self.1[at]
    }
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Places<'a> {
        let ranges = Made(Numbers::default(), Vec::new());
        Places { index: LineIndex::new(text), ranges }
    }
}

/// The items of a list.
pub struct List<'v, 'a> {
    values: &'v mut Values<'a>,
    items: Items,
}

/// The properties of an object, or the offsets of a span.
pub enum Properties<'v, 'a> {
    Object(&'v mut Values<'a>, Record),
    Span(&'v mut Values<'a>, Span),
}

impl SerializeSeq for List<'_, '_> {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Never> {
        let item = item.serialize(&mut *self.values)?;
        self.items.push(item);
        Ok(())
    }

    fn end(self) -> Result<JsValue, Never> {
        Ok(self.items.into())
    }
}

impl SerializeStruct for Properties<'_, '_> {
    type Ok = JsValue;
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        match self {
            Properties::Object(values, object) => {
                let value = value.serialize(&mut **values)?;
                values.set(object, name, value);
            }
            Properties::Span(values, span) => {
                let offset = value.serialize(&mut **values)?.as_f64().unwrap_or_default() as u32;
                match name {
                    "start" => span.start = offset,
                    _ => span.end = offset,
                }
            }
        }
        Ok(())
    }

    fn end(self) -> Result<JsValue, Never> {
        match self {
            Properties::Object(_, object) => Ok(object.into()),
            Properties::Span(values, span) => Ok(values.range(span)),
        }
    }
}

impl serde::ser::Error for Never {
    fn custom<T: std::fmt::Display>(_: T) -> Never {
        unreachable!("no value of the core refuses to be made")
    }
}

impl std::error::Error for Never {}

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

/// What none of the core's types is.
macro_rules! never {
    ($($name:ident($($argument:ty),*) -> $made:ty;)+) => {
        $(fn $name(self, $(_: $argument),*) -> Result<$made, Never> {
            unreachable!("no value of the core is of this kind")
        })+
    };
}

impl<'v, 'a> Serializer for &'v mut Values<'a> {
    type Ok = JsValue;
    type Error = Never;
    type SerializeSeq = List<'v, 'a>;
    type SerializeStruct = Properties<'v, 'a>;
    type SerializeMap = Impossible<JsValue, Never>;
    type SerializeTuple = Impossible<JsValue, Never>;
    type SerializeTupleStruct = Impossible<JsValue, Never>;
    type SerializeTupleVariant = Impossible<JsValue, Never>;
    type SerializeStructVariant = Impossible<JsValue, Never>;

    fn serialize_bool(self, value: bool) -> Result<JsValue, Never> {
        Ok(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<JsValue, Never> {
        Ok(value.into())
    }

    // Counts and indices.
    fn serialize_u64(self, value: u64) -> Result<JsValue, Never> {
        Ok((value as f64).into())
    }

    // Seconds: a sum of decimal fractions has no more true digits than these.
    fn serialize_f64(self, value: f64) -> Result<JsValue, Never> {
        Ok(((value * 1e6).round() / 1e6).into())
    }

    fn serialize_str(self, value: &str) -> Result<JsValue, Never> {
        Ok(self.text.string(value))
    }

    fn serialize_none(self) -> Result<JsValue, Never> {
        Ok(JsValue::UNDEFINED)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<JsValue, Never> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<JsValue, Never> {
        if name == DOCKERFILE {
            let index = value.serialize(&mut *self)?;
            self.at = self.first + index.as_f64().unwrap_or_default() as usize;
            return Ok(index);
        }
        debug_assert_eq!(name, REWRITTEN);
        let was = (self.first, self.at);
        (self.first, self.at) = (self.rewritten, self.rewritten);
        let made = value.serialize(&mut *self)?;
        (self.first, self.at) = was;
        Ok(made)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'v, 'a>, Never> {
        Ok(List { values: self, items: Array::new().unchecked_into() })
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Properties<'v, 'a>, Never> {
        Ok(match name {
            "Span" => Properties::Span(self, Span::default()),
            _ => Properties::Object(self, Object::new().unchecked_into()),
        })
    }

    /// `{ [variant]: value }`
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<JsValue, Never> {
        let object: Record = Object::new().unchecked_into();
        let value = value.serialize(&mut *self)?;
        self.set(&object, variant, value);
        Ok(object.into())
    }

    never! {
        serialize_i8(i8) -> JsValue;
        serialize_i16(i16) -> JsValue;
        serialize_i32(i32) -> JsValue;
        serialize_i64(i64) -> JsValue;
        serialize_u8(u8) -> JsValue;
        serialize_u16(u16) -> JsValue;
        serialize_f32(f32) -> JsValue;
        serialize_char(char) -> JsValue;
        serialize_bytes(&[u8]) -> JsValue;
        serialize_unit() -> JsValue;
        serialize_unit_struct(&'static str) -> JsValue;
        serialize_unit_variant(&'static str, u32, &'static str) -> JsValue;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeStructVariant;
    }
}
