//! Conversion of texts, lists and members between the types of adjacent versions.

use super::{ConversionRule, Step, Unsupported};
use crate::{Change, CiString, NonEmpty, Private, Text, Value};

/// A value whose type is another one in the next version, or the one before.
pub(super) trait ConvertTo<To>: Value {
    /// Its counterpart there.
    ///
    /// # Errors
    /// When there is none.
    fn turn(self, conversion: &mut Step<'_>) -> Result<To, Unsupported>;

    /// Returns the reason for which the object as a whole has no counterpart. It is asked of the object as it was,
    /// before it is downgraded.
    fn refusal(&self, conversion: &Step<'_>) -> Option<Unsupported> {
        let _ = conversion;
        None
    }

    /// Puts aside the values that would not be understood in the version before the object is downgraded to it.
    fn prepare(&mut self, conversion: &mut Step<'_>) {
        let _ = conversion;
    }

    /// Returns the obstacle to a counterpart. It is asked for elements of lists before they are converted, so that they
    /// can be given up as a whole.
    fn obstacle(&self, conversion: &Step<'_>) -> Option<Unsupported> {
        let _ = conversion;
        None
    }
}

/// Fits a value and takes it to its type in the next version.
pub(super) fn step<T: ConvertTo<U>, U>(mut value: T, run: &mut Step<'_>) -> Result<U, Unsupported> {
    if let Some(unsupported) = value.refusal(run) {
        return Err(unsupported);
    }
    let before = run.told();
    value.prepare(run);
    // Pointers lead through the value as it was before it was prepared, and before it was downgraded.
    let prepared = run.told();
    if let Err(unsupported) = value.downgrade(run) {
        return Err(run.counted(before, prepared, unsupported));
    }
    let downgraded = run.told();
    let unsupported = match value.obstacle(run) {
        Some(unsupported) => unsupported,
        None => match value.turn(run) {
            Ok(value) => {
                run.count_both(before, prepared, downgraded);
                return Ok(value);
            }
            Err(unsupported) => unsupported,
        },
    };
    Err(run.counted_both(before, prepared, downgraded, unsupported))
}

/// Turns a value whose type is told by the place it goes to.
pub(super) fn converted<T: ConvertTo<U>, U>(value: T, conversion: &mut Step<'_>) -> Result<U, Unsupported> {
    value.turn(conversion)
}

/// Takes a value over under another name.
pub(super) fn renamed<T>(value: T, _: &mut Step<'_>) -> Result<T, Unsupported> {
    Ok(value)
}

impl<T: ConvertTo<U>, U> ConvertTo<Option<U>> for Option<T> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<Option<U>, Unsupported> {
        self.map(|value| value.turn(conversion)).transpose()
    }
}

impl<T: ConvertTo<U>, U> ConvertTo<Box<U>> for Box<T> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<Box<U>, Unsupported> {
        (*self).turn(conversion).map(Box::new)
    }
}

impl<T: ConvertTo<U>, U> ConvertTo<Private<U>> for Private<T> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<Private<U>, Unsupported> {
        self.into_inner().turn(conversion).map(Private::new)
    }
}

impl<T: ConvertTo<U>, U> ConvertTo<Vec<U>> for Vec<T> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<Vec<U>, Unsupported> {
        let mut converted = Vec::with_capacity(self.len());
        for (index, value) in self.into_iter().enumerate() {
            match value.obstacle(conversion) {
                Some(unsupported) => conversion.note(unsupported.rule(), &index.to_string(), &value),
                None => converted.push(conversion.element(index, |conversion| value.turn(conversion))?),
            }
        }
        Ok(converted)
    }
}

impl<T: ConvertTo<U>, U> ConvertTo<NonEmpty<U>> for NonEmpty<T> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<NonEmpty<U>, Unsupported> {
        if let Some(unsupported) = self.obstacle(conversion) {
            return Err(unsupported);
        }
        self.into_vec().turn(conversion).map(NonEmpty::from_read)
    }

    /// Every element has one.
    fn obstacle(&self, conversion: &Step<'_>) -> Option<Unsupported> {
        let mut first = None;
        for (index, value) in self.iter().enumerate() {
            let unsupported = value.obstacle(conversion)?;
            first.get_or_insert(unsupported.within(&index.to_string()));
        }
        first
    }
}

/// A member of a PATCH; one that has no counterpart is told and not mentioned any more.
impl<T: Value> Change<T> {
    pub(super) fn turn_by<U>(
        self,
        conversion: &mut Step<'_>,
        turn: impl FnOnce(T, &mut Step<'_>) -> Result<U, Unsupported>,
    ) -> Result<Change<U>, Unsupported> {
        match self {
            Self::Keep => Ok(Change::Keep),
            Self::Set(value) => {
                // A PATCH is small.
                let whole = value.clone();
                match turn(value, conversion) {
                    Ok(converted) => Ok(Change::Set(converted)),
                    Err(unsupported) => {
                        conversion.note(unsupported.rule(), "", &whole);
                        Ok(Change::Keep)
                    }
                }
            }
        }
    }

    /// The value as it is or as something else.
    pub(super) fn map<U>(self, map: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Set(value) => Change::Set(map(value)),
        }
    }
}

/// Ids: one that is too long cannot be cut.
impl<const N: usize, const M: usize> ConvertTo<Text<M>> for CiString<N> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<Text<M>, Unsupported> {
        id(self, Self::into_text, conversion)
    }
}

impl<const N: usize, const M: usize> ConvertTo<CiString<M>> for Text<N> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<CiString<M>, Unsupported> {
        id(self, Self::into_ci_string, conversion)
    }
}

impl<const N: usize, const M: usize> ConvertTo<CiString<M>> for CiString<N> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<CiString<M>, Unsupported> {
        id(self, Self::resized, conversion)
    }
}

/// Texts for people: one that is too long is cut.
impl<const N: usize, const M: usize> ConvertTo<Text<M>> for Text<N> {
    fn turn(self, conversion: &mut Step<'_>) -> Result<Text<M>, Unsupported> {
        let newly_broken =
            M < N && Self::breach(self.as_str()).is_none() && Text::<M>::breach(self.as_str()).is_some();
        if newly_broken && !conversion.is_upward() {
            conversion.note(ConversionRule::Length, "", &self);
            return Ok(self.cut());
        }
        if newly_broken {
            conversion.note(ConversionRule::TextKept, "", &self);
        }
        Ok(self.resized())
    }
}

/// Turns an id: one that is no id in the next version is kept on the way up, and refused on the way down.
fn id<T: Value + TextType, U: TextType>(
    text: T,
    turn: fn(T) -> U,
    conversion: &mut Step<'_>,
) -> Result<U, Unsupported> {
    if T::breach_of(text.text()).is_none() && U::breach_of(text.text()).is_some() {
        if !conversion.is_upward() {
            return Err(Unsupported::new(ConversionRule::IdLength));
        }
        conversion.note(ConversionRule::TextKept, "", &text);
    }
    Ok(turn(text))
}

/// Both string types.
trait TextType {
    fn text(&self) -> &str;
    fn breach_of(text: &str) -> Option<crate::Rule>;
}

impl<const N: usize> TextType for Text<N> {
    fn text(&self) -> &str {
        self.as_str()
    }

    fn breach_of(text: &str) -> Option<crate::Rule> {
        Self::breach(text)
    }
}

impl<const N: usize> TextType for CiString<N> {
    fn text(&self) -> &str {
        self.as_str()
    }

    fn breach_of(text: &str) -> Option<crate::Rule> {
        Self::breach(text)
    }
}

/// Turns objects member by member, and their PATCHes in the same way.
///
/// Members are listed by their treatment: the `same` in both; `converted` into a member whose name or type is another, by
/// a function or by [`ConvertTo`]; `lost`, which is told; and `made` from several, or from the context. Every member of both
/// types has to be listed, or the compiler complains. With `both` in front, the way back is the same, the other way round.
macro_rules! convert_members {
    (
        both |$this:ident, $run:ident| $one:path => $other:path;
        same $same:tt
        converted { $($new:ident: $old:ident $(by $by:expr)?;)* }
        $(patch $one_patch:path => $other_patch:path;)?
    ) => {
        $crate::convert::convert_to::convert_members! {
            |$this, $run| $one => $other;
            same $same
            converted { $($new: $old $(by $by)?;)* }
            lost {}
            $(patch $one_patch => $other_patch;)?
        }
        $crate::convert::convert_to::convert_members! {
            |$this, $run| $other => $one;
            same $same
            converted { $($old: $new $(by $by)?;)* }
            lost {}
            $(patch $other_patch => $one_patch;)?
        }
    };
    (
        |$this:ident, $run:ident| $from:path => $to:path;
        same $same:tt
        converted $converted:tt
        lost $lost:tt
        $(refusal $refusal:block)?
        $(obstacle $obstacle:block)?
        $(prepare { $($prepare:tt)* })?
        $(first { $($first:tt)* })?
        $(made { $($made:ident: $value:expr;)* })?
        $(patch $from_patch:path => $to_patch:path;
            $(refusal $prefusal:block)? $(prepare { $($pprepare:tt)* })? $(first { $($pfirst:tt)* })? $(made $pmade:tt)?)?
    ) => {
        impl $crate::convert::convert_to::ConvertTo<$to> for $from {
            fn turn(
                self,
                $run: &mut $crate::convert::Step<'_>,
            ) -> Result<$to, $crate::convert::Unsupported> {
                let mut $this = self;
                $run.lose_unreadable::<$from, $to>(&mut $this.extra);
                $crate::convert::convert_to::convert_members!(@lose $this $run $lost);
                $($($first)*)?
                $crate::convert::convert_to::convert_members!(@value $this $run $from => $to, object $same $converted { $($($made: $value;)*)? })
            }

            $(
                fn refusal(
                    &self,
                    $run: &$crate::convert::Step<'_>,
                ) -> Option<$crate::convert::Unsupported> {
                    let ($this, _) = (self, $run);
                    $refusal
                }
            )?

            $(
                fn prepare(&mut self, $run: &mut $crate::convert::Step<'_>) {
                    let $this = self;
                    $($prepare)*
                }
            )?

            $(
                fn obstacle(
                    &self,
                    $run: &$crate::convert::Step<'_>,
                ) -> Option<$crate::convert::Unsupported> {
                    let ($this, _) = (self, $run);
                    $obstacle
                }
            )?
        }

        $(
            impl $crate::convert::convert_to::ConvertTo<$to_patch> for $from_patch {
                fn turn(
                    self,
                    $run: &mut $crate::convert::Step<'_>,
                ) -> Result<$to_patch, $crate::convert::Unsupported> {
                    let mut $this = self;
                    $run.lose_unreadable::<$from_patch, $to_patch>(&mut $this.extra);
                    $crate::convert::convert_to::convert_members!(@lose $this $run $lost);
                    $($($pfirst)*)?
                    $crate::convert::convert_to::convert_members!(
                        @value $this $run $from_patch => $to_patch, patch $same $converted $($pmade)?
                    )
                }

                $(
                    fn refusal(
                        &self,
                        $run: &$crate::convert::Step<'_>,
                    ) -> Option<$crate::convert::Unsupported> {
                        let ($this, _) = (self, $run);
                        $prefusal
                    }
                )?

                $(
                    fn prepare(&mut self, $run: &mut $crate::convert::Step<'_>) {
                        let $this = self;
                        $($pprepare)*
                    }
                )?
            }
        )?
    };
    (@lose $this:ident $run:ident { $($lost:ident)* }) => {
        $($run.lose($crate::member_name!($lost), &$this.$lost);)*
    };
    (
        @value $this:ident $run:ident $from:path => $to:path, $form:ident { $($same:ident)* }
        { $($new:ident: $old:ident $(by $by:expr)?;)* } $({ $($made:ident: $value:expr;)* })?
    ) => {{
        $($(let $made = $value;)*)?
        // A path out of a macro cannot begin a literal, an alias can.
        type To = $to;
        $run.carried::<$from, To>(&mut $this.extra, |_name| {
            false $($(|| (_name == $crate::member_name!($made) && !$crate::Value::is_absent(&$made)))*)?
        });
        Ok(To {
            $($same: $this.$same,)*
            $($new: $run.member($crate::member_name!($old), |run| {
                $crate::convert::convert_to::convert_members!(@$form run, $this.$old, $crate::convert::convert_to::convert_members!(@by $($by)?))
            })?,)*
            $($($made,)*)?
            extra: $this.extra,
        })
    }};
    (@object $run:ident, $value:expr, $by:expr) => { ($by)($value, $run) };
    (@patch $run:ident, $value:expr, $by:expr) => { $value.turn_by($run, $by) };
    (@by) => { $crate::convert::convert_to::converted };
    (@by $by:expr) => { $by };
}

pub(super) use convert_members;
