//! From the type of one version to that of the next: texts, lists, and members of objects.

use super::{Conversion, ConversionRule, Misfit};
use crate::{Change, CiString, NonEmpty, Private, Text, Value};

/// A value whose type is another one in the next version, or the one before.
pub(super) trait Turn<To>: Value {
    /// Its counterpart there.
    ///
    /// # Errors
    /// When there is none.
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<To, Misfit>;

    /// Returns the reason for which the object as a whole has no counterpart. It is asked of the object as it was,
    /// before it is fitted.
    fn refusal(&self, conversion: &Conversion<'_>) -> Option<Misfit> {
        let _ = conversion;
        None
    }

    /// Puts aside the values that would not be understood in the version before the object is fitted to it.
    fn prepare(&mut self, conversion: &mut Conversion<'_>) {
        let _ = conversion;
    }

    /// Returns the obstacle to a counterpart. It is asked for elements of lists before they are turned, so that they
    /// can be given up as a whole.
    fn obstacle(&self, conversion: &Conversion<'_>) -> Option<Misfit> {
        let _ = conversion;
        None
    }
}

/// Turns a value whose type is told by the place it goes to.
pub(super) fn turned<T: Turn<U>, U>(value: T, conversion: &mut Conversion<'_>) -> Result<U, Misfit> {
    value.turn(conversion)
}

/// Takes a value over under another name.
pub(super) fn renamed<T>(value: T, _: &mut Conversion<'_>) -> Result<T, Misfit> {
    Ok(value)
}

impl<T: Turn<U>, U> Turn<Option<U>> for Option<T> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<Option<U>, Misfit> {
        self.map(|value| value.turn(conversion)).transpose()
    }
}

impl<T: Turn<U>, U> Turn<Box<U>> for Box<T> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<Box<U>, Misfit> {
        (*self).turn(conversion).map(Box::new)
    }
}

impl<T: Turn<U>, U> Turn<Private<U>> for Private<T> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<Private<U>, Misfit> {
        self.into_inner().turn(conversion).map(Private::new)
    }
}

impl<T: Turn<U>, U> Turn<Vec<U>> for Vec<T> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<Vec<U>, Misfit> {
        let mut turned = Vec::with_capacity(self.len());
        for (index, value) in self.into_iter().enumerate() {
            match value.obstacle(conversion) {
                Some(misfit) => conversion.note(misfit.rule(), &index.to_string(), &value),
                None => turned.push(conversion.element(index, |conversion| value.turn(conversion))?),
            }
        }
        Ok(turned)
    }
}

impl<T: Turn<U>, U> Turn<NonEmpty<U>> for NonEmpty<T> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<NonEmpty<U>, Misfit> {
        if let Some(misfit) = self.obstacle(conversion) {
            return Err(misfit);
        }
        self.into_vec().turn(conversion).map(NonEmpty::from_read)
    }

    /// Every element has one.
    fn obstacle(&self, conversion: &Conversion<'_>) -> Option<Misfit> {
        let mut first = None;
        for (index, value) in self.iter().enumerate() {
            let misfit = value.obstacle(conversion)?;
            first.get_or_insert(misfit.within(&index.to_string()));
        }
        first
    }
}

/// A member of a PATCH; one that has no counterpart is told and not mentioned any more.
impl<T: Value> Change<T> {
    pub(super) fn turn_by<U>(
        self,
        conversion: &mut Conversion<'_>,
        turn: impl FnOnce(T, &mut Conversion<'_>) -> Result<U, Misfit>,
    ) -> Result<Change<U>, Misfit> {
        match self {
            Self::Keep => Ok(Change::Keep),
            Self::Set(value) => {
                // A PATCH is small.
                let whole = value.clone();
                match turn(value, conversion) {
                    Ok(turned) => Ok(Change::Set(turned)),
                    Err(misfit) => {
                        conversion.note(misfit.rule(), "", &whole);
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
impl<const N: usize, const M: usize> Turn<Text<M>> for CiString<N> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<Text<M>, Misfit> {
        id(self, Self::into_text, conversion)
    }
}

impl<const N: usize, const M: usize> Turn<CiString<M>> for Text<N> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<CiString<M>, Misfit> {
        id(self, Self::into_ci_string, conversion)
    }
}

impl<const N: usize, const M: usize> Turn<CiString<M>> for CiString<N> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<CiString<M>, Misfit> {
        id(self, Self::resized, conversion)
    }
}

/// Texts for people: one that is too long is cut.
impl<const N: usize, const M: usize> Turn<Text<M>> for Text<N> {
    fn turn(self, conversion: &mut Conversion<'_>) -> Result<Text<M>, Misfit> {
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
    conversion: &mut Conversion<'_>,
) -> Result<U, Misfit> {
    if T::breach_of(text.text()).is_none() && U::breach_of(text.text()).is_some() {
        if !conversion.is_upward() {
            return Err(Misfit::new(ConversionRule::IdLength));
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
/// Members are listed by their treatment: the `same` in both; `turned` into a member whose name or type is another, by
/// a function or by [`Turn`]; `lost`, which is told; and `made` from several, or from the context. Every member of both
/// types has to be listed, or the compiler complains.
macro_rules! turns {
    (
        |$this:ident, $run:ident| $from:path => $to:path;
        same $same:tt
        turned $turned:tt
        lost $lost:tt
        $(refusal $refusal:block)?
        $(obstacle $obstacle:block)?
        $(prepare { $($prepare:tt)* })?
        $(first { $($first:tt)* })?
        $(made { $($made:ident: $value:expr;)* })?
        $(patch $from_patch:path => $to_patch:path;
            $(refusal $prefusal:block)? $(prepare { $($pprepare:tt)* })? $(first { $($pfirst:tt)* })? $(made $pmade:tt)?)?
    ) => {
        impl $crate::convert::turn::Turn<$to> for $from {
                        fn turn(
                self,
                $run: &mut $crate::convert::Conversion<'_>,
            ) -> Result<$to, $crate::convert::Misfit> {
                let mut $this = self;
                $run.lose_unreadable::<$from, $to>(&mut $this.extra);
                $crate::convert::turn::turns!(@lose $this $run $lost);
                $($($first)*)?
                $crate::convert::turn::turns!(@value $this $run $from => $to, object $same $turned { $($($made: $value;)*)? })
            }

            $(
                fn refusal(
                    &self,
                    $run: &$crate::convert::Conversion<'_>,
                ) -> Option<$crate::convert::Misfit> {
                    let ($this, _) = (self, $run);
                    $refusal
                }
            )?

            $(
                fn prepare(&mut self, $run: &mut $crate::convert::Conversion<'_>) {
                    let $this = self;
                    $($prepare)*
                }
            )?

            $(
                fn obstacle(
                    &self,
                    $run: &$crate::convert::Conversion<'_>,
                ) -> Option<$crate::convert::Misfit> {
                    let ($this, _) = (self, $run);
                    $obstacle
                }
            )?
        }

        $(
            impl $crate::convert::turn::Turn<$to_patch> for $from_patch {
                                fn turn(
                    self,
                    $run: &mut $crate::convert::Conversion<'_>,
                ) -> Result<$to_patch, $crate::convert::Misfit> {
                    let mut $this = self;
                    $run.lose_unreadable::<$from_patch, $to_patch>(&mut $this.extra);
                    $crate::convert::turn::turns!(@lose $this $run $lost);
                    $($($pfirst)*)?
                    $crate::convert::turn::turns!(
                        @value $this $run $from_patch => $to_patch, patch $same $turned $($pmade)?
                    )
                }

                $(
                    fn refusal(
                        &self,
                        $run: &$crate::convert::Conversion<'_>,
                    ) -> Option<$crate::convert::Misfit> {
                        let ($this, _) = (self, $run);
                        $prefusal
                    }
                )?

                $(
                    fn prepare(&mut self, $run: &mut $crate::convert::Conversion<'_>) {
                        let $this = self;
                        $($pprepare)*
                    }
                )?
            }
        )?
    };
    (@lose $this:ident $run:ident { $($lost:ident)* }) => {
        $($run.lose($crate::macros::member_name(stringify!($lost)), &$this.$lost);)*
    };
    (
        @value $this:ident $run:ident $from:path => $to:path, $form:ident { $($same:ident)* }
        { $($new:ident: $old:ident $(by $by:expr)?;)* } $({ $($made:ident: $value:expr;)* })?
    ) => {{
        $($(let $made = $value;)*)?
        // A path out of a macro cannot begin a literal, an alias can.
        type To = $to;
        $run.carried::<$from, To>(&mut $this.extra, |_name| {
            false $($(|| (_name == $crate::macros::member_name(stringify!($made)) && !$crate::Value::is_absent(&$made)))*)?
        });
        Ok(To {
            $($same: $this.$same,)*
            $($new: $run.member($crate::macros::member_name(stringify!($old)), |run| {
                $crate::convert::turn::turns!(@$form run, $this.$old, $crate::convert::turn::turns!(@by $($by)?))
            })?,)*
            $($($made,)*)?
            extra: $this.extra,
        })
    }};
    (@object $run:ident, $value:expr, $by:expr) => { ($by)($value, $run) };
    (@patch $run:ident, $value:expr, $by:expr) => { $value.turn_by($run, $by) };
    (@by) => { $crate::convert::turn::turned };
    (@by $by:expr) => { $by };
}

pub(super) use turns;
