//! Words in both languages side by side, so that neither is ever forgotten.

/// The text of the language; only that one is made.
macro_rules! say {
    ($lang:expr, $en:expr, $zh_hans:expr $(,)?) => {
        match $lang {
            ::fourwave_annotate::Lang::En => $en,
            ::fourwave_annotate::Lang::ZhHans => $zh_hans,
        }
    };
}
