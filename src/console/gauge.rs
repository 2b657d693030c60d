//! How much of something there is, in steps that can be drawn.

/// How many of `all` steps `part` of `whole` takes: rounded, but one as soon as there is anything.
pub(super) fn steps(part: i64, whole: i64, all: i64) -> i64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    ((part.min(whole) * all * 2 + whole) / (whole * 2)).clamp(1, all)
}
